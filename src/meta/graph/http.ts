/** One HTTP request to Meta, bounded in time and size. Every outcome is a value: nothing is thrown. */
import type { GraphResponse } from "./response.ts";
import type { GraphCall } from "./request.ts";

/** The platform's fetch, wrapped: `(url, init) => fetch(url, init)`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The largest answer that is asked for, a page of comments, stays far below; a body without end must not fill memory. */
const MAX_ANSWER_BYTES = 262_144;

/**
 * @param token goes into the Authorization header; null: the call needs none, or carries its own
 * @param timeoutMs from the start of the request to the last byte of the answer
 */
export async function ask(
  fetch: Fetch,
  call: GraphCall,
  token: string | null,
  timeoutMs: number,
): Promise<GraphResponse> {
  const abort = new AbortController();
  const { promise: timeout, resolve } = Promise.withResolvers<GraphResponse>();
  const timer = setTimeout(() => {
    resolve({ kind: "timeout" });
    abort.abort();
  }, timeoutMs);
  try {
    // A fetch that does not listen to the signal must not hold the sender up either, hence the race.
    return await Promise.race([exchange(fetch, call, token, abort.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(
  fetch: Fetch,
  call: GraphCall,
  token: string | null,
  signal: AbortSignal,
): Promise<GraphResponse> {
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        accept: "application/json",
        ...(call.body === null ? {} : { "content-type": call.body.contentType }),
      },
      body: call.body?.text ?? null,
      // A redirect could carry the token to another host.
      redirect: "manual",
      signal,
    });
    const { text, truncated } = await readBody(response);
    return { kind: "answer", status: response.status, headers: response.headers, body: text, truncated };
  } catch {
    // A refused connection never carried the request; but workerd reports it with the same error as a connection lost
    // half-way ("Network connection lost."), so no failure proves that nothing was sent.
    return { kind: "network" };
  }
}

async function readBody(response: Response): Promise<{ text: string; truncated: boolean }> {
  if (response.body === null) return { text: "", truncated: false };
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > MAX_ANSWER_BYTES) return { text: "", truncated: true };
    text += decoder.decode(chunk, { stream: true });
  }
  return { text: text + decoder.decode(), truncated: false };
}
