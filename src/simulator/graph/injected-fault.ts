/** Misbehaviour on demand: the Graph API fails where it is told to, before or after the effect. */
import { OPERATIONS } from "./graph-call.ts";
import type { Operation, Routed } from "./graph-call.ts";

export interface Fault {
  id: string;
  /** Which calls: an operation's name, or `any`. */
  on: Operation | "any";
  accountId: string | null;
  commentId: string | null;
  /** How many calls it still hits; null: until it is removed. */
  times: number | null;
  /** Of the calls that match, this share (0 to 1). */
  share: number;
  does: FaultAction;
}

export type FaultAction =
  /** Answers this error. `after`: although the message went out. */
  | { kind: "error"; code: number; subcode: number | null; status: number | null; after: boolean }
  /** No answer for so long. `after`: although the message went out. */
  | { kind: "timeout"; holdMs: number; after: boolean }
  /** The right answer, late. */
  | { kind: "delay"; ms: number };

export const FAULT_TARGETS: readonly string[] = ["any", ...OPERATIONS];

/** The first fault that hits this call. `random` decides for those with a share. */
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
