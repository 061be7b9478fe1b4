import type { SimulatorEnv } from "./meta-object.ts";
import { isMetaPath, WARM_PATH } from "./http/request-router.ts";

export { Meta } from "./meta-object.ts";

export default {
  fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === WARM_PATH) return warm(url);
    if (isMetaPath(url.pathname)) return env.META.getByName("meta").fetch(request);
    return env.NEXT.fetch(request);
  },
} satisfies ExportedHandler<SimulatorEnv>;

/** Uses both kinds of connections: the one of this request, and one that the engine's calls would use. */
async function warm(url: URL): Promise<Response> {
  if (!url.searchParams.has("inner")) {
    url.searchParams.set("inner", "1");
    await fetch(url, { method: "HEAD" });
  }
  return new Response(null);
}
