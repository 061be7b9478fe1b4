/** `POST /__meta/faults`: makes the Graph API fail. */
import { FAULT_TARGETS, type Fault, type FaultAction } from "../graph/injected-fault.ts";
import type { Simulator } from "../simulator.ts";
import { atLeastZero, object, oneOf, onlyKnown, optionalText, share, truth, whole, type Json } from "./control-json.ts";

export function addFault(simulator: Simulator, body: Json): Fault {
  const { faults, faultsMade } = simulator.settings;
  const fault = readFault(body, `fault-${faultsMade + 1}`);
  simulator.set({ faults: [...faults, fault], faultsMade: faultsMade + 1 });
  return fault;
}

/** Reads a fault. `id` is the default id. @throws a TypeError that names the invalid field */
export function readFault(body: Json, id: string): Fault {
  onlyKnown(body, ["id", "on", "accountId", "commentId", "times", "share", "does"], "field of a fault:");
  return {
    id: optionalText(body, "id") ?? id,
    on: oneOf(body["on"] ?? "any", FAULT_TARGETS, "on") as Fault["on"],
    accountId: optionalText(body, "accountId"),
    commentId: optionalText(body, "commentId"),
    times: optional(body, "times", () => whole(body, "times", 1)),
    share: optional(body, "share", () => share(body, "share")) ?? 1,
    does: faultAction(object(body["does"], "does")),
  };
}

const optional = <T>(body: Json, name: string, read: () => T): T | null =>
  body[name] === undefined || body[name] === null ? null : read();

/** Longer than any client waits. */
const HOLD_MS = 60_000;
/** Instagram returns code -1 for some errors. */
export const LOWEST_CODE = -1;
/** The HTTP statuses that an error may have. */
const ERROR_STATUS = { least: 400, most: 599 };

function faultAction(does: Json): FaultAction {
  const after = optional(does, "after", () => truth(does, "after")) ?? false;
  switch (oneOf(does["kind"], ["error", "timeout", "delay"] as const, "does.kind")) {
    case "error":
      onlyKnown(does, ["kind", "code", "subcode", "status", "after"], "field of an error fault:");
      return {
        kind: "error",
        code: whole(does, "code", LOWEST_CODE),
        subcode: optional(does, "subcode", () => whole(does, "subcode", 0)),
        status: optional(does, "status", () => whole(does, "status", ERROR_STATUS.least, ERROR_STATUS.most)),
        after,
      };
    case "timeout":
      onlyKnown(does, ["kind", "holdMs", "after"], "field of a timeout fault:");
      return { kind: "timeout", holdMs: optional(does, "holdMs", () => atLeastZero(does, "holdMs")) ?? HOLD_MS, after };
    case "delay":
      onlyKnown(does, ["kind", "ms"], "field of a delay fault:");
      return { kind: "delay", ms: atLeastZero(does, "ms") };
  }
}
