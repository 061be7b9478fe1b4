const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Whether a browser sends this change on behalf of another site. Whoever is known by a cookie (Cloudflare Access turns
 * its own into a header by itself) must ask: the browser adds the cookie whatever page the request comes from. Programs
 * that are no browsers send neither header, and hold no cookies
 * (https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site).
 */
export function isCrossSiteChange(request: Request): boolean {
  if (SAFE_METHODS.has(request.method)) return false;
  const site = request.headers.get("Sec-Fetch-Site");
  if (site !== null) return site !== "same-origin" && site !== "none";
  const origin = request.headers.get("Origin");
  return origin !== null && origin !== new URL(request.url).origin;
}
