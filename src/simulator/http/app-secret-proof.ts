/**
 * `appsecret_proof`: a call proves that it knows the app secret (documentation: Graph API, Securing requests). The proof
 * is checked wherever it is sent, and demanded while the app setting "Require App Secret" is on.
 */
import { hmacSha256Hex } from "../../meta/signature.ts";
import type { GraphCall } from "../graph/graph-call.ts";
import { GRAPH_ERRORS, type GraphError } from "../graph/graph-error.ts";
import type { Simulator } from "../simulator.ts";

/** What is wrong with the proof; null for a correct one, and for a call without an access token of an account. */
export async function proofProblem(simulator: Simulator, call: GraphCall): Promise<GraphError | null> {
  const { graph, secrets, settings } = simulator;
  const token = call.token === null ? undefined : graph.tokens.get(call.token);
  if (token === undefined) return null;
  const proof = call.params["appsecret_proof"];
  if (proof === undefined) return settings.rules.requireAppSecret ? GRAPH_ERRORS.proofMissing : null;
  // The secret belongs to the app that issued the token. A single secret belongs to both.
  const own = secrets.filter(({ label }) => (label === "instagram") === (token.kind === "instagram"));
  for (const { secret } of own.length > 0 ? own : secrets) {
    if (proof === (await hmacSha256Hex(token.value, secret))) return null;
  }
  return GRAPH_ERRORS.proofInvalid;
}
