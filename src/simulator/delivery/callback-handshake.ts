/** The verification request that Meta makes before it accepts a callback URL (documentation: Webhooks, Getting started). */
import { RESPONSE_DEADLINE_MS } from "./retry-schedule.ts";
import type { Fetch } from "./delivery-attempt.ts";

export type HandshakeResult =
  | { ok: true; durationMs: number }
  | { ok: false; durationMs: number; reason: "unreachable" | "timeout" | "status" | "challenge"; detail: string };

/** A message shows this much of a response body: an error page can be long. */
const SHOWN = 60;

/** Sends `challenge` to `callbackUrl`. The only valid response is 200 with the bare challenge. */
export async function handshake(
  callbackUrl: string,
  verifyToken: string,
  challenge: string,
  io: { fetch: Fetch; now: () => number },
): Promise<HandshakeResult> {
  const url = new URL(callbackUrl);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", verifyToken);
  const startedAt = io.now();
  const failed = (reason: "unreachable" | "timeout" | "status" | "challenge", detail: string): HandshakeResult => ({
    ok: false,
    durationMs: io.now() - startedAt,
    reason,
    detail,
  });
  try {
    const signal = AbortSignal.timeout(RESPONSE_DEADLINE_MS);
    const response = await io.fetch(url.href, { method: "GET", redirect: "manual", signal });
    const body = await response.text();
    if (response.status !== 200) return failed("status", `expected 200, received ${response.status}`);
    if (body !== challenge) {
      return failed("challenge", `expected ${challenge}, received ${JSON.stringify(body.slice(0, SHOWN))}`);
    }
    return { ok: true, durationMs: io.now() - startedAt };
  } catch (error) {
    const timeout = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
    return timeout
      ? failed("timeout", `no response within ${RESPONSE_DEADLINE_MS / 1000} s`)
      : failed("unreachable", "the connection failed");
  }
}
