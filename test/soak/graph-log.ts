/** The log of the simulated Graph API: one line of JSON for each call, in order of arrival. */
import { readFileSync } from "node:fs";

export interface GraphSettings {
  port: number;
  logPath: string;
  seed: number;
}

/** An echo to deliver. The Graph process has no own connection to the Workers. */
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
  /** `refused`: by the rule of one private reply. The others are what the caller saw. */
  outcome:
    | "sent"
    | "refused"
    | "throttled"
    | "error_before"
    | "reset_before"
    | "reset_after"
    | "error_after"
    | "hang_after";
  /** Whether the person received a reply. */
  effect: boolean;
  messageId: string | null;
}

export type GraphRecord = SendRecord | { type: "unexpected"; method: string; path: string; at: number };

export const readGraphLog = (path: string): GraphRecord[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as GraphRecord);
