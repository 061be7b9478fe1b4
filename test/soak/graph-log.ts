/** The log of Meta's side: one line of JSON for everything that arrived, in its order. */
import { readFileSync } from "node:fs";

export interface GraphSettings {
  port: number;
  logPath: string;
  seed: number;
}

/** What Meta's side wants to have delivered: it has no way of its own to the Workers. */
export interface Echo {
  /** Of the event. */
  id: string;
  text: string;
}

export type SendKind = "private_reply" | "public_reply" | "message";

export interface SendRecord {
  type: "send";
  account: string;
  kind: SendKind;
  /** The comment, or the person. */
  to: string;
  text: string;
  arrivedAt: number;
  at: number;
  /** `refused`: by the rule of one private reply. The others say what the caller saw. */
  outcome:
    | "sent"
    | "refused"
    | "throttled"
    | "error_before"
    | "reset_before"
    | "reset_after"
    | "error_after"
    | "hang_after";
  /** Whether the person got something. */
  effect: boolean;
  messageId: string | null;
}

export type GraphRecord = SendRecord | { type: "unexpected"; method: string; path: string; at: number };

export const readGraphLog = (path: string): GraphRecord[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as GraphRecord);
