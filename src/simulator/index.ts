import type { SimulatorEnv } from "./env.ts";
import { isMetaPath } from "./simulator.ts";

export { Meta } from "./object.ts";

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (isMetaPath(pathname)) return env.META.getByName("meta").fetch(request);
    if (env.PASS_ON === "off") return new Response("Only Meta's own paths are answered here.\n", { status: 404 });
    return env.NEXT.fetch(request);
  },
} satisfies ExportedHandler<SimulatorEnv>;
