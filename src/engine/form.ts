/** A form that anybody may post, read no further than it may be long: `Content-Length` is only what the sender says. */

/** Null: longer than `maxBytes`, or no form. Without a content type it counts as `application/x-www-form-urlencoded`. */
export async function readForm(request: Request, maxBytes: number): Promise<FormData | null> {
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream.
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  const type = request.headers.get("Content-Type") ?? "application/x-www-form-urlencoded";
  try {
    return await new Response(new Blob(chunks), { headers: { "Content-Type": type } }).formData();
  } catch {
    return null;
  }
}
