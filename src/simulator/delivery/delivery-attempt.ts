/** One POST to the callback URL, as Meta makes it, and what came back. */
import { sign } from "../../meta/signature.ts";
import { RESPONSE_DEADLINE_MS } from "./retry-schedule.ts";

/** Seen in logs of 2025; receivers should not rely on it. */
export const USER_AGENT = "facebookexternalua";

export interface Attempt {
  /** ms since the epoch, when the request left. */
  at: number;
  durationMs: number;
  /** HTTP status; null when none came within the deadline or the connection failed. */
  status: number | null;
  problem: "timeout" | "unreachable" | null;
  /** The answer's JSON, where it is JSON and short. */
  answer: unknown;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export const succeeded = (attempt: Attempt): boolean => attempt.status === 200;

/** Answers longer than this are not kept. */
const MAX_KEPT_ANSWER = 4096;

/** Signs `text` with `secret` and posts it. Redirects are not followed: for Meta they are failures. */
export async function attemptDelivery(
  callbackUrl: string,
  text: string,
  secret: string,
  io: { fetch: Fetch; now: () => number },
): Promise<Attempt> {
  const bytes = new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
  const signature = await sign(bytes, secret);
  const at = io.now();
  const after = (rest: Pick<Attempt, "status" | "problem" | "answer">): Attempt => ({
    at,
    durationMs: io.now() - at,
    ...rest,
  });
  try {
    const response = await io.fetch(callbackUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": USER_AGENT,
        "x-hub-signature-256": signature,
      },
      body: bytes,
      redirect: "manual",
      signal: AbortSignal.timeout(RESPONSE_DEADLINE_MS),
    });
    const body = await response.text();
    return after({ status: response.status, problem: null, answer: shortJson(body) });
  } catch (error) {
    const timeout = error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError");
    return after({ status: null, problem: timeout ? "timeout" : "unreachable", answer: null });
  }
}

function shortJson(body: string): unknown {
  if (body.length > MAX_KEPT_ANSWER) return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
