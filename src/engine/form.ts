/** Reads a form from an unauthenticated request, up to a maximum size. `Content-Length` is not trusted. */

/**
 * @returns null: longer than `maxBytes`, or not a form. Without a content type the body counts as
 * `application/x-www-form-urlencoded`
 */
export async function readForm(request: Request, maxBytes: number): Promise<FormData | null> {
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Returning from the loop cancels the stream.
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
