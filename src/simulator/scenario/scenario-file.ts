/** A scenario: who takes part, what happens when, and what a good receiver makes of it. Read from scenarios/*.json. */
import * as v from "valibot";
import { err, ok } from "../../core/result.ts";
import type { Result } from "../../core/result.ts";
import { readFault } from "../control/fault-orders.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `"90s"`, `"10m"`, `"2h"` → ms. */
const duration = v.pipe(
  v.string("must be a time such as 90s, 10m or 2h"),
  v.regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, "must be a time such as 90s, 10m or 2h"),
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
    /** They come spread over this time. */
    over: v.optional(duration, "1s"),
    /** Of them, this share asks for what the automation answers. */
    asking: v.optional(share, 1),
    batch: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(1000)), 1),
    /** Of the deliveries, this share comes twice. */
    duplicates: v.optional(share, 0),
    live: v.optional(v.boolean(), false),
    /** Another app has given the private reply already. */
    answered: v.optional(v.boolean(), false),
  }),
  v.strictObject({
    at,
    do: v.literal("messages"),
    account: name,
    /** The same names are the same people. */
    from: v.array(name),
    expect: v.optional(v.picklist(["once", "never", "any"]), "once"),
  }),
  v.strictObject({ at, do: v.literal("standby"), account: name, from: v.array(name) }),
  v.strictObject({ at, do: v.literal("human_writes"), account: name, to: v.array(name) }),
  /** From now on these people are bots: they answer every message. */
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
]);

const schema = v.strictObject({
  title: v.string(),
  /** What happens, in a few sentences; shown before it begins. */
  story: v.string(),
  /** How many times faster than written it is played, where the command line says nothing. Deferrals stay as they are. */
  speed: v.optional(v.pipe(v.number(), v.minValue(0.001)), 1),
  accounts: v.pipe(
    v.array(
      v.strictObject({
        name,
        id: v.pipe(v.string(), v.regex(/^\d+$/, "must be a number, as text")),
        platform: v.optional(v.picklist(["instagram", "page"]), "instagram"),
        /** As PUT /api/accounts/:id/automations takes them. */
        automations: v.array(v.record(v.string(), v.unknown())),
        settings: v.optional(v.record(v.string(), v.unknown())),
      }),
    ),
    v.minLength(1),
  ),
  /** Said in comments and messages that must be answered. */
  keyword: v.optional(name, "guide"),
  timeline: v.pipe(v.array(action), v.minLength(1)),
  expect: v.strictObject({
    deferSeconds: v.optional(v.number(), 10),
    /** After its turn within Meta's limits. */
    lateAfterSeconds: v.optional(v.number(), 5),
    /** Automated messages to one person, at most. */
    maxPerPerson: v.optional(whole),
  }),
  /** After the last event: how long replies are waited for, at most. Not made faster. */
  settle: v.optional(duration, "30s"),
});

export type Scenario = v.InferOutput<typeof schema>;
export type Action = Scenario["timeline"][number];

/** Reads a scenario; the error names the first thing that is wrong, and where. */
export function readScenario(json: string): Result<Scenario, string> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return err(`is no JSON: ${(error as Error).message}`);
  }
  const read = v.safeParse(schema, value);
  if (!read.success) {
    const [issue] = read.issues;
    return err(inPlainWords(issue));
  }
  const { settle, expect } = read.output;
  const short = tooShort(settle, expect);
  if (short !== null) return err(`settle: ${short}`);
  const known = new Set(read.output.accounts.map((account) => account.name));
  for (const [index, { do: does, ...rest }] of read.output.timeline.entries()) {
    if ("account" in rest && !known.has(rest.account))
      return err(`timeline.${index} (${does}): there is no account "${rest.account}"`);
    const wrong = "fault" in rest ? faultProblem(rest.fault) : null;
    if (wrong !== null) return err(`timeline.${index} (${does}): ${wrong}`);
  }
  return ok(read.output);
}

/** Why nothing can be judged that way; null where it can. An answer to the last event has this time before it is late. */
export function tooShort(
  settleMs: number,
  { deferSeconds, lateAfterSeconds }: { deferSeconds: number; lateAfterSeconds: number },
): string | null {
  const least = deferSeconds + lateAfterSeconds;
  if (settleMs >= least * 1000) return null;
  return `${settleMs / 1000} s are too short to judge: an answer is late ${least} s after what it answers (deferSeconds and lateAfterSeconds)`;
}

/** Orders are read as the control route reads them, before anything is played. */
function faultProblem(order: Record<string, unknown>): string | null {
  try {
    readFault(order, "");
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** A validator's own words for a misspelt or missing key are about types. */
function inPlainWords(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const parts = path?.split(".") ?? [];
  const key = parts.at(-1) ?? "";
  const place = parts.length < 2 ? "the file" : parts.slice(0, -1).join(".");
  if (issue.type === "strict_object" && issue.expected === "never") return `${place}: there is no "${key}" in it`;
  if (issue.type === "strict_object" && issue.received === "undefined") return `${place}: "${key}" is missing`;
  return `${path === null ? "the file" : path}: ${issue.message}`;
}
