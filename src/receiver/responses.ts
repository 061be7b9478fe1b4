/** Responses of the receiver: a status and sometimes a short code. The reasons are in the log. */

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** Seconds. Meta has its own retry schedule; the header is for other clients. */
const RETRY_AFTER_SECONDS = "10";

export const empty = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers: { ...SECURITY_HEADERS, ...headers } });

export const text = (status: number, body: string): Response =>
  new Response(body, { status, headers: { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8" } });

export const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { ...SECURITY_HEADERS, "content-type": "application/json" } });

export const tryAgain = (): Response => empty(503, { "retry-after": RETRY_AFTER_SECONDS });

export const methodNotAllowed = (allow: string): Response => empty(405, { allow });
