/** `POST /__meta/faults`: misbehaviour of the Graph API, in words. */
import { FAULT_TARGETS } from "../graph/fault.ts";
import type { Fault, FaultAction } from "../graph/fault.ts";
import type { Simulator } from "../simulator.ts";
import { atLeastZero, number, object, oneOf, optionalNumber, optionalText, share } from "./json.ts";
import type { Json } from "./json.ts";

export function addFault(simulator: Simulator, body: Json): Fault {
  const { settings } = simulator;
  const does = object(body["does"], "does");
  const fault: Fault = {
    id: optionalText(body, "id") ?? `fault-${settings.faults.length + 1}`,
    on: oneOf(body["on"] ?? "any", FAULT_TARGETS, "on") as Fault["on"],
    accountId: optionalText(body, "accountId"),
    commentId: optionalText(body, "commentId"),
    times: body["times"] === undefined ? null : atLeastZero(body, "times"),
    share: body["share"] === undefined ? 1 : share(body, "share"),
    does: faultAction(does),
  };
  simulator.set({ faults: [...settings.faults, fault] });
  return fault;
}

/** Longer than any client waits. */
const HOLD_MS = 60_000;

function faultAction(does: Json): FaultAction {
  const after = does["after"] === true;
  switch (oneOf(does["kind"], ["error", "timeout", "delay"] as const, "does.kind")) {
    case "error":
      return {
        kind: "error",
        code: number(does, "code"),
        subcode: optionalNumber(does, "subcode"),
        status: optionalNumber(does, "status"),
        after,
      };
    case "timeout":
      return { kind: "timeout", holdMs: does["holdMs"] === undefined ? HOLD_MS : atLeastZero(does, "holdMs"), after };
    case "delay":
      return { kind: "delay", ms: atLeastZero(does, "ms") };
  }
}
