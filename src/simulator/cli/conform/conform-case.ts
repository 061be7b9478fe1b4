/** One case of the battery: what is tried, what must come back, and why that matters to somebody. */
import { ANSWER_DEADLINE_MS } from "../../delivery/retry-schedule.ts";
import type { Random } from "../../notifications/meta-ids.ts";
import type { Answer, Probe } from "./probe.ts";

export interface Case {
  group: string;
  title: string;
  why: string;
  run: (context: CaseContext) => Promise<Finding>;
}

export interface CaseContext {
  probe: Probe;
  /** The account that bodies speak of. Not connected anywhere, so that nothing is answered. */
  accountId: string;
  random: Random;
}

/** `note`: worth knowing, and no fault. */
export type Finding = { outcome: "pass" | "fail" | "skip" | "note"; detail: string };

export const pass = (detail = ""): Finding => ({ outcome: "pass", detail });
export const fail = (detail: string): Finding => ({ outcome: "fail", detail });
export const skip = (detail: string): Finding => ({ outcome: "skip", detail });

export const note = (detail: string): Finding => ({ outcome: "note", detail });

/** How an answer reads in the table. */
export const shown = (answer: Answer): string =>
  answer.status === null
    ? answer.problem === "timeout"
      ? "no answer"
      : "connection failed"
    : `${answer.status} in ${Math.round(answer.durationMs)} ms`;

/** 200, and before Meta gives up. Anything else is tried again for 36 hours. */
export function accepted(answer: Answer): Finding {
  if (answer.status !== 200) return fail(`expected 200, received ${shown(answer)}`);
  if (answer.durationMs > ANSWER_DEADLINE_MS)
    return fail(`${shown(answer)}: later than ${ANSWER_DEADLINE_MS / 1000} s`);
  return pass(shown(answer));
}

/** A 4xx that says nothing of use to a stranger. */
export function refused(answer: Answer, probe: Probe, also: readonly string[] = []): Finding {
  if (answer.status === null) return fail(`expected a refusal, received ${shown(answer)}`);
  if (answer.status < 400 || answer.status > 499) return fail(`expected 4xx, received ${shown(answer)}`);
  const leak = leaked(answer, probe, also);
  return leak === null ? pass(shown(answer)) : fail(`${shown(answer)}, but the answer gives away ${leak}`);
}

/** Signs of a stack trace, in the languages that receivers are written in. */
const TRACE = /\n\s+at .+:\d+:\d+|Traceback \(most recent call last\)|goroutine \d+ \[/;

export function leaked(answer: Answer, probe: Probe, also: readonly string[] = []): string | null {
  if (TRACE.test(answer.body)) return "a stack trace";
  if (also.some((text) => text !== "" && answer.body.includes(text))) return "the expected signature";
  return probe.leak(answer);
}
