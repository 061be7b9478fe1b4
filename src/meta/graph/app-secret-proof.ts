/**
 * `appsecret_proof`: proves to Graph that the caller has the app secret. With "Require App Secret" on, Graph refuses
 * every call without it.
 *
 * With Facebook Login it is always sent. For Instagram Login no page documents it, so it is sent only after Graph has
 * demanded it. Graph checks it before it does anything, so a call that was refused for it is safe to repeat.
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/secure-requests#appsecret_proof
 */
import { textAt, objectAt, parseJson } from "../json.ts";
import { readError } from "../errors/lookup.ts";
import { hmacSha256Hex } from "../signature.ts";
import type { GraphCall, Login } from "./request.ts";
import type { GraphResponse } from "./response.ts";

export interface ProofOptions {
  login: Login;
  /** The access token of the call. */
  token: string;
  /** The app secrets of this login, in the order in which they are tried; may be empty. */
  secrets: readonly string[];
  memory: ProofMemory;
}

/** Per login and host: the secret that Graph accepted last; null: no proof. Lives as long as the isolate. */
export type ProofMemory = Map<string, string | null>;

export const isolateMemory: ProofMemory = new Map();

/**
 * Makes a call with the proof that is expected to work. While Graph refuses the proof or its absence, the call is
 * repeated with the next secret, and at last without.
 */
export async function askWithProof(
  call: GraphCall,
  { login, token, secrets, memory }: ProofOptions,
  askOnce: (call: GraphCall) => Promise<GraphResponse>,
): Promise<GraphResponse> {
  if (secrets.length === 0) return await askOnce(call);
  const key = `${login} ${new URL(call.url).origin}`;
  const usual: readonly (string | null)[] = login === "facebook" ? [...secrets, null] : [null, ...secrets];
  const known = memory.get(key);
  // The remembered secret is used only while it is configured.
  const first = known !== undefined && usual.includes(known) ? known : (usual[0] ?? null);
  const attempt = async (secret: string | null): Promise<GraphResponse> =>
    askOnce(secret === null ? call : await withProof(call, token, secret));
  let answer = await attempt(first);
  for (const secret of usual.filter((one) => one !== first)) {
    if (!isProofRefused(answer)) return answer;
    answer = await attempt(secret);
    if (answer.kind === "answer" && !isProofRefused(answer)) memory.set(key, secret);
  }
  return answer;
}

async function withProof(call: GraphCall, token: string, secret: string): Promise<GraphCall> {
  const proof = await hmacSha256Hex(token, secret);
  return { ...call, url: `${call.url}${call.url.includes("?") ? "&" : "?"}appsecret_proof=${proof}` };
}

/** "API calls from the server require an appsecret_proof argument", "Invalid appsecret_proof provided …". */
export function isProofRefused(answer: GraphResponse): boolean {
  if (answer.kind !== "answer" || answer.truncated || answer.status < 400 || answer.status >= 500) return false;
  // Most answers do not contain the word, so most are not parsed twice.
  if (!answer.body.includes("appsecret_proof")) return false;
  try {
    const body = parseJson(answer.body);
    const error = readError(body);
    const message = textAt(objectAt(body, "error"), "message") ?? "";
    return error?.code === 100 && error.subcode === null && message.includes("appsecret_proof");
  } catch {
    return false;
  }
}
