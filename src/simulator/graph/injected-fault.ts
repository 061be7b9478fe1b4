/** Injected faults: the Graph API fails on demand, before or after the call takes effect. */
import { OPERATIONS, type Operation, type Routed } from "./graph-call.ts";

export interface Fault {
  id: string;
  /** Which calls: an operation, or `any`. */
  on: Operation | "any";
  accountId: string | null;
  commentId: string | null;
  /** How many more calls fail; null: all, until the fault is removed. */
  times: number | null;
  /** The share of the matching calls that fail, from 0 to 1. */
  share: number;
  does: FaultAction;
}

export type FaultAction =
  /** Returns this error. `after`: the call takes effect first. */
  | { kind: "error"; code: number; subcode: number | null; status: number | null; after: boolean }
  /** No response for this long. `after`: the call takes effect first. */
  | { kind: "timeout"; holdMs: number; after: boolean }
  /** The normal response, late. */
  | { kind: "delay"; ms: number };

export const FAULT_TARGETS: readonly string[] = ["any", ...OPERATIONS];

/** The first fault that applies to this call. `random` decides for a fault with a share. */
export function faultFor(faults: readonly Fault[], routed: Omit<Routed, "run">, random: () => number): Fault | null {
  for (const fault of faults) {
    if (fault.times === 0) continue;
    if (fault.on !== "any" && fault.on !== routed.operation) continue;
    if (fault.accountId !== null && fault.accountId !== routed.accountId) continue;
    if (fault.commentId !== null && fault.commentId !== routed.commentId) continue;
    if (fault.share < 1 && random() >= fault.share) continue;
    return fault;
  }
  return null;
}
