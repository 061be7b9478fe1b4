/** The request of a case and its expected response. */
import type { FuzzCase } from "./case.ts";
import { census } from "./census.ts";
import { hmac, isSigned, SECRETS } from "./signing.ts";

const URL = "https://replyline.example/webhooks";

export function toRequest({ headers, body, pieces, fault }: FuzzCase): Request {
  const isInterrupted = fault === "interrupted";
  if (pieces === 1 && !isInterrupted) return new Request(URL, { method: "POST", headers, body });
  const size = Math.ceil(body.length / pieces) || 1;
  const end = isInterrupted ? sentBytes(body) : body.length;
  let at = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < end) controller.enqueue(new Uint8Array(body.subarray(at, Math.min(at + size, end))));
      else if (isInterrupted) controller.error(new Error("the connection was lost"));
      else controller.close();
      at += size;
    },
  });
  // Node's `Request` requires `duplex` for a stream body; its types do not have it yet.
  return new Request(URL, { method: "POST", headers, body: stream, duplex: "half" } as RequestInit);
}

const sentBytes = (body: Buffer): number => Math.floor(body.length / 2);

export const signedHeaders = (body: Buffer): Record<string, string> => ({
  "x-hub-signature-256": `sha256=${hmac(body, SECRETS[0])}`,
});

/** The valid statuses for a case. */
export function expectedStatuses(fuzzCase: FuzzCase): readonly number[] {
  const { headers, body, maxBodyBytes, fault } = fuzzCase;
  if ((headers["content-encoding"] ?? "identity").trim().toLowerCase() !== "identity") return [415];
  const signature = headers["x-hub-signature-256"]?.trim() ?? null;
  if (signature === null || !/^sha256=[0-9a-f]{64}$/.test(signature)) return [401];
  if (Number(headers["content-length"] ?? 0) > maxBodyBytes) return [413];
  const arriving = fault === "interrupted" ? sentBytes(body) : body.length;
  if (arriving > maxBodyBytes) return [413];
  if (fault === "interrupted") return [503];
  if (!isSigned(signature, body)) return [401];
  if (fault === "queue_rejects" || fault === "queue_breaks") {
    // A body without events queues nothing, so nothing can fail.
    return announced(body)?.length === 0 ? [200] : [503];
  }
  // An event that is too large for the queue is not stored if KV fails.
  return fault === "kv_write" && body.length > LARGE_BYTES ? [200, 503] : [200];
}

/** Smaller events are sent unchanged. */
const LARGE_BYTES = 60_000;

/** The events of the body; null if only the whole body can be stored. */
export function announced(body: Buffer): ReturnType<typeof census> {
  const text = decode(body);
  return text === null ? null : census(text);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}
