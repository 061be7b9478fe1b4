/** One case of the battery: what is tried, what must come back, and why that matters to somebody. */
import { RESPONSE_DEADLINE_MS } from "../../delivery/retry-schedule.ts";
import type { Random } from "../../notifications/meta-ids.ts";
import type { ProbeResponse, Probe } from "./probe.ts";

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
export const shown = (response: ProbeResponse): string =>
  response.status === null
    ? response.problem === "timeout"
      ? "no answer"
      : "connection failed"
    : `${response.status} in ${Math.round(response.durationMs)} ms`;

/** 200, and before Meta gives up. Anything else is tried again for 36 hours. */
export function accepted(response: ProbeResponse): Finding {
  if (response.status !== 200) return fail(`expected 200, received ${shown(response)}`);
  if (response.durationMs > RESPONSE_DEADLINE_MS)
    return fail(`${shown(response)}: later than ${RESPONSE_DEADLINE_MS / 1000} s`);
  return pass(shown(response));
}

/** A 4xx that says nothing of use to a stranger. */
export function refused(response: ProbeResponse, probe: Probe, also: readonly string[] = []): Finding {
  if (response.status === null) return fail(`expected a refusal, received ${shown(response)}`);
  if (response.status < 400 || response.status > 499) return fail(`expected 4xx, received ${shown(response)}`);
  const leak = leaked(response, probe, also);
  return leak === null ? pass(shown(response)) : fail(`${shown(response)}, but the answer gives away ${leak}`);
}

/** Signs of a stack trace, in the languages that receivers are written in. */
const TRACE = /\n\s+at .+:\d+:\d+|Traceback \(most recent call last\)|goroutine \d+ \[/;

export function leaked(response: ProbeResponse, probe: Probe, also: readonly string[] = []): string | null {
  if (TRACE.test(response.body)) return "a stack trace";
  if (also.some((text) => text !== "" && response.body.includes(text))) return "the expected signature";
  return probe.leak(response);
}
