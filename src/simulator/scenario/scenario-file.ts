/** The file format of a scenario (scenarios/*.json): the accounts, the timeline, and what a correct receiver does. */
import * as v from "valibot";
import { err, ok, type Result } from "../../core/result.ts";
import { OWN_COMMENT_FORMS } from "../notifications/own-comment.ts";
import { readFault } from "../control/fault-orders.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `"90s"`, `"10m"`, `"2h"` → ms. */
const duration = v.pipe(
  v.string("must be a duration such as 90s, 10m or 2h"),
  v.regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, "must be a duration such as 90s, 10m or 2h"),
  v.transform((text) => {
    const [, amount = "0", unit = "s"] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
    return Number(amount) * (UNITS[unit] ?? 1000);
  }),
);

const whole = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const name = v.pipe(v.string(), v.minLength(1));
const at = duration;

const action = v.variant("do", [
  v.strictObject({
    at,
    do: v.literal("comments"),
    account: name,
    media: name,
    count: whole,
    /** The comments are spread over this time. */
    over: v.optional(duration, "1s"),
    /** The share of the comments that contain the keyword. */
    asking: v.optional(share, 1),
    batch: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(1000)), 1),
    /** The share of the deliveries that are sent twice. */
    duplicates: v.optional(share, 0),
    live: v.optional(v.boolean(), false),
    /** Another app has already sent the private reply. */
    answered: v.optional(v.boolean(), false),
  }),
  v.strictObject({
    at,
    do: v.literal("messages"),
    account: name,
    /** The same name is the same person. */
    from: v.array(name),
    expect: v.optional(v.picklist(["once", "never", "any"]), "once"),
  }),
  v.strictObject({ at, do: v.literal("standby"), account: name, from: v.array(name) }),
  v.strictObject({ at, do: v.literal("human_writes"), account: name, to: v.array(name) }),
  /** From now on these people are bots: they reply to every message. */
  v.strictObject({
    at,
    do: v.literal("bot_answers"),
    account: name,
    from: v.array(name),
    after: v.optional(duration, "500ms"),
  }),
  v.strictObject({ at, do: v.literal("end_live"), account: name, media: name }),
  v.strictObject({ at, do: v.literal("token_dies"), account: name, subcode: v.optional(whole, 460) }),
  v.strictObject({ at, do: v.literal("token_renewed"), account: name }),
  v.strictObject({ at, do: v.literal("outage"), for: duration }),
  v.strictObject({ at, do: v.literal("fault"), fault: v.record(v.string(), v.unknown()) }),
  v.strictObject({ at, do: v.literal("faults_end") }),
  /** Until the end of the run. */
  v.strictObject({
    at,
    do: v.literal("behave"),
    ownComments: v.optional(v.picklist([...OWN_COMMENT_FORMS, "in-turn"])),
    /** The text of Meta's instant reply to every message. */
    automaticReply: v.optional(name),
  }),
]);

const schema = v.strictObject({
  title: v.string(),
  /** What happens, in a few sentences. Shown before the run. */
  story: v.string(),
  /** The default for `--speed`: the timeline runs this many times faster. Reply delays keep their length. */
  speed: v.optional(v.pipe(v.number(), v.minValue(0.001)), 1),
  accounts: v.pipe(
    v.array(
      v.strictObject({
        name,
        id: v.pipe(v.string(), v.regex(/^\d+$/, "must be a number in quotes")),
        platform: v.optional(v.picklist(["instagram", "page"]), "instagram"),
        /** The items of PUT /api/accounts/:id/automations. */
        automations: v.array(v.record(v.string(), v.unknown())),
        settings: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
    v.minLength(1),
  ),
  /** The text of comments and messages that must get a reply. */
  keyword: v.optional(name, "guide"),
  timeline: v.pipe(v.array(action), v.minLength(1)),
  expect: v.strictObject({
    deferSeconds: v.optional(v.number(), 10),
    /** Counted from the reply's turn within Meta's rate limits. */
    lateAfterSeconds: v.optional(v.number(), 5),
    /** The most automated messages to one person. */
    maxPerPerson: v.optional(whole),
  }),
  /** The longest time to wait for replies after the last event. `speed` does not change it. */
  settle: v.optional(duration, "30s"),
});

export type Scenario = v.InferOutput<typeof schema>;
export type Action = Scenario["timeline"][number];

/** Reads a scenario. The error names the first problem and its place. */
export function readScenario(json: string): Result<Scenario, string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return err(`is not valid JSON: ${(error as Error).message}`);
  }
  const read = v.safeParse(schema, value);
  if (!read.success) {
    const [issue] = read.issues;
    return err(issueMessage(issue));
  }
  const { settle, expect } = read.output;
  const short = tooShort(settle, expect);
  if (short !== null) return err(`settle: ${short}`);
  const known = new Set(read.output.accounts.map((account) => account.name));
  for (const [index, { do: does, ...rest }] of read.output.timeline.entries()) {
    if ("account" in rest && !known.has(rest.account))
      return err(`timeline.${index} (${does}): unknown account "${rest.account}"`);
    const wrong = "fault" in rest ? faultProblem(rest.fault) : null;
    if (wrong !== null) return err(`timeline.${index} (${does}): ${wrong}`);
  }
  return ok(read.output);
}

/** Why `settleMs` is too short for a report; null where it is long enough. A reply to the last event needs this time. */
export function tooShort(
  settleMs: number,
  { deferSeconds, lateAfterSeconds }: { deferSeconds: number; lateAfterSeconds: number },
): string | null {
  const least = deferSeconds + lateAfterSeconds;
  if (settleMs >= least * 1000) return null;
  return `${settleMs / 1000} s is too short. Use at least ${least} s: a reply is late only after deferSeconds and lateAfterSeconds.`;
}

/** Checks a fault as the control route does, before the run starts. */
function faultProblem(fault: Record<string, unknown>): string | null {
  try {
    readFault(fault, "");
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The validator's messages about an unknown or missing key speak of types. These speak of keys. */
function issueMessage(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const parts = path?.split(".") ?? [];
  const key = parts.at(-1) ?? "";
  const place = parts.length < 2 ? "the file" : parts.slice(0, -1).join(".");
  if (issue.type === "strict_object" && issue.expected === "never") return `${place}: unknown key "${key}"`;
  if (issue.type === "strict_object" && issue.received === "undefined") return `${place}: "${key}" is missing`;
  return `${path === null ? "the file" : path}: ${issue.message}`;
}
