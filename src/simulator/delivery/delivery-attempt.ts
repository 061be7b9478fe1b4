/** One POST to the callback URL, as Meta makes it, and the response. */
import { sign } from "../../meta/signature.ts";
import { RESPONSE_DEADLINE_MS } from "./retry-schedule.ts";

/** Seen in logs of 2025; receivers should not rely on it. */
export const USER_AGENT = "facebookexternalua";

export interface Attempt {
  /** ms since the epoch, when the request left. */
  at: number;
  durationMs: number;
  /** HTTP status; null if there was no response within the deadline, or if the connection failed. */
  status: number | null;
  problem: "timeout" | "unreachable" | null;
  /** The response body, if it is short JSON. */
  answer: unknown;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export const succeeded = (attempt: Attempt): boolean => attempt.status === 200;

/** Longer response bodies are not stored. */
const MAX_STORED_BODY = 4096;

/** Signs `text` with `secret` and posts it. It does not follow redirects: for Meta they are failures. */
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
  if (body.length > MAX_STORED_BODY) return null;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return null;
  }
}
