/** One case of the conformance test: the request, the expected response, and why it matters. */
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
  /** The account in the bodies. It is not connected anywhere, so that the receiver sends no reply. */
  accountId: string;
  random: Random;
}

/** `note`: worth knowing, but not an error. */
export type Finding = { outcome: "pass" | "fail" | "skip" | "note"; detail: string };

export const pass = (detail = ""): Finding => ({ outcome: "pass", detail });
export const fail = (detail: string): Finding => ({ outcome: "fail", detail });
export const skip = (detail: string): Finding => ({ outcome: "skip", detail });

export const note = (detail: string): Finding => ({ outcome: "note", detail });

/** Describes a response in the output. */
export const shown = (response: ProbeResponse): string =>
  response.status === null
    ? response.problem === "timeout"
      ? "no response"
      : "connection failed"
    : `${response.status} in ${Math.round(response.durationMs)} ms`;

/** Passes for a 200 within the deadline. Meta retries anything else for 36 hours. */
export function accepted(response: ProbeResponse): Finding {
  if (response.status !== 200) return fail(`expected 200, received ${shown(response)}`);
  if (response.durationMs > RESPONSE_DEADLINE_MS)
    return fail(`${shown(response)}, after the deadline of ${RESPONSE_DEADLINE_MS / 1000} s`);
  return pass(shown(response));
}

/** Passes if every body is accepted. */
export async function acceptedEach(
  bodies: readonly (readonly [name: string, body: string])[],
  probe: Probe,
): Promise<Finding> {
  let slowest = 0;
  for (const [name, body] of bodies) {
    const response = await probe.deliver(body);
    const finding = accepted(response);
    if (finding.outcome !== "pass") return fail(`${name}: ${finding.detail}`);
    slowest = Math.max(slowest, response.durationMs);
  }
  return pass(`${bodies.length} accepted, the slowest in ${Math.round(slowest)} ms`);
}

/** Passes for a 4xx that reveals nothing. */
export function refused(response: ProbeResponse, probe: Probe, also: readonly string[] = []): Finding {
  if (response.status === null) return fail(`expected 4xx, received ${shown(response)}`);
  if (response.status < 400 || response.status > 499) return fail(`expected 4xx, received ${shown(response)}`);
  const leak = leaked(response, probe, also);
  return leak === null ? pass(shown(response)) : fail(`${shown(response)}, but the response reveals ${leak}`);
}

/** Signs of a stack trace, in the languages that receivers are written in. */
const TRACE = /\n\s+at .+:\d+:\d+|Traceback \(most recent call last\)|goroutine \d+ \[/;

export function leaked(response: ProbeResponse, probe: Probe, also: readonly string[] = []): string | null {
  if (TRACE.test(response.body)) return "a stack trace";
  if (also.some((text) => text !== "" && response.body.includes(text))) return "the expected signature";
  return probe.leak(response);
}
