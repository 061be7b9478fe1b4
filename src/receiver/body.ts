/**
 * Reads a request's body up to a limit. The bytes are counted as they arrive, because `Content-Length` may be wrong.
 */
import { err, ok, type Result } from "../core/result.ts";

export type BodyFailure = "too_large" | "interrupted";

export async function readBody(
  request: Request,
  maxBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>, BodyFailure>> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) return err("too_large");
  if (request.body === null) return ok(new Uint8Array());
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> = request.body.getReader();
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return ok(join(chunks, length));
      length += value.length;
      if (length > maxBytes) return err("too_large");
      chunks.push(value);
    }
  } catch {
    return err("interrupted");
  }
}

function join(chunks: readonly Uint8Array<ArrayBuffer>[], length: number): Uint8Array<ArrayBuffer> {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
