/** Reads the body of a request that has one, before anything looks into it. */
import { err, ok, type Result } from "../../core/result.ts";
import { type Problem, problem } from "./problem.ts";

/** 200 automations with 100 keywords each fit several times over. Counted while reading, whatever the header claims. */
export const MAX_BODY_BYTES = 1_048_576;

const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/** @returns the same request with its body read, or why it is refused */
export async function readBody(request: Request): Promise<Result<Request, Problem>> {
  // Also what keeps other sites out: a browser sends this type across sites only after asking, and is never told yes.
  if (!JSON_TYPE.test(request.headers.get("Content-Type") ?? "")) {
    return err(problem("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json."));
  }
  const tooLarge = problem("too_large", `The body is larger than ${MAX_BODY_BYTES} bytes. Send less at once.`);
  if (Number(request.headers.get("Content-Length") ?? 0) > MAX_BODY_BYTES) return err(tooLarge);

  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return err(tooLarge);
    chunks.push(chunk);
  }
  return ok(new Request(request, { method: request.method, body: new Blob(chunks) }));
}
