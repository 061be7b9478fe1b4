/** One HTTP request to Meta, with a time and size limit. Nothing is thrown: every outcome is a value. */
import type { GraphResponse } from "./response.ts";
import type { GraphCall } from "./request.ts";
import { askWithProof, type ProofOptions } from "./app-secret-proof.ts";

/** The platform's fetch, wrapped: `(url, init) => fetch(url, init)`. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The largest expected response, a page of comments, is far smaller. The limit protects memory from endless bodies. */
const MAX_ANSWER_BYTES = 262_144;

/**
 * @param token for the Authorization header; null: the call needs no token or already contains it
 * @param timeoutMs from the start of the first request to the last byte of the last response
 * @param proof for `appsecret_proof`; null: the call does not act with an access token
 */
export async function ask(
  fetch: Fetch,
  call: GraphCall,
  token: string | null,
  timeoutMs: number,
  proof: ProofOptions | null = null,
): Promise<GraphResponse> {
  const abort = new AbortController();
  const { promise: timeout, resolve } = Promise.withResolvers<GraphResponse>();
  const timer = setTimeout(() => {
    resolve({ kind: "timeout" });
    abort.abort();
  }, timeoutMs);
  const askOnce = (given: GraphCall): Promise<GraphResponse> => exchange(fetch, given, token, abort.signal);
  const asked = proof === null ? askOnce(call) : askWithProof(call, proof, askOnce);
  try {
    // The race also limits a fetch that ignores the abort signal.
    return await Promise.race([asked, timeout]);
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
      // A redirect could send the token to another host.
      redirect: "manual",
      signal,
    });
    const { text, truncated } = await readBody(response);
    return { kind: "answer", status: response.status, headers: response.headers, body: text, truncated };
  } catch {
    // With a refused connection the request was never sent. But workerd reports the same error for a connection that
    // was
    // lost later ("Network connection lost."), so no network failure proves that nothing was sent.
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
