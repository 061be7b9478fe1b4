import { err, ok } from "../../../core/result.ts";
import { probeAnswer, probeRequest } from "../../../api/probe.ts";
import type { ProbeError } from "../../account/contract.ts";
import type { Endpoint } from "../endpoint.ts";
import { type Problem, problem } from "../problem.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";

const runProbe = accountEndpoint(
  {
    method: "POST",
    path: "/api/accounts/:id/probe",
    name: "runProbe",
    tag: "doctor",
    summary: "Try one call at Meta, to see how Meta behaves (`npm run prove`)",
    description:
      "`repeat_private_reply` sends a private reply that Meta has accepted a second time, which Meta is expected to refuse. " +
      "`public_reply` posts one public reply under its comment. `remove_public_reply` deletes a public reply at Meta.",
    params: accountParams,
    body: probeRequest,
    answer: { status: 200, schema: probeAnswer },
    problems: ["not_found", "not_connected", "not_sent", "sending_off"],
  },
  async ({ account, body }) => {
    const result = await account.ask((stub, id) => stub.probe(id, body));
    return result.ok ? ok({ body: result.value }) : err(probeProblem(result.error));
  },
);

export const probeEndpoints: readonly Endpoint[] = [runProbe];

function probeProblem(error: ProbeError): Problem {
  switch (error.reason) {
    case "not_found":
      return problem("not_found", "Reply not found. It may be past the retention period, or erased.");
    case "not_connected":
      return problem("not_connected", "The account has no usable token. Connect it with PUT /api/accounts/:id.");
    case "not_sent":
      return problem(
        "not_sent",
        `Only a ${error.kind} that Meta has accepted can be used for this. This reply is ${error.state}.`,
      );
    case "sending_off":
      return problem("sending_off", "The account may not send now: it is paused, stopped or on hold.");
  }
}
