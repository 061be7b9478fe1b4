/**
 * `npm run dev`: the receiver and the engine in one `wrangler dev`, with local KV, queue and Durable Objects.
 * `-- --port 9000` chooses the port, `-- --simulator` puts Meta in a box in front of them.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureDevVars, readDevVars, ROOT } from "../src/simulator/cli/stack/dev-vars.ts";
import { atEnd, endAll, endOnSignals } from "../src/simulator/cli/stack/shutdown.ts";
import { metaUrls } from "../src/simulator/cli/stack/meta-urls.ts";
import { namedPort } from "../src/simulator/cli/stack/free-port.ts";
import { bold, complain, dim, say } from "../src/simulator/cli/terminal.ts";
import { stageConfigs, startWranglerDev } from "../src/simulator/cli/stack/wrangler-process.ts";
import { WARM_PATH } from "../src/simulator/http/request-router.ts";

const USAGE = "npm run dev -- [--port 8787] [--simulator]";

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "8787" }, simulator: { type: "boolean", default: false } },
  });
  const port = await namedPort(values.port);
  const { simulator } = values;
  endOnSignals();
  const { path, created } = ensureDevVars();
  if (created) say(`Wrote ${bold(".dev.vars")} with fresh secrets.`);
  const both = ["wrangler.toml", "wrangler.engine.toml"];
  const dev = await startWranglerDev({
    configs: simulator ? withSimulator(both, readDevVars(path), port) : both,
    port,
    persistTo: join(ROOT, ".wrangler/state"),
    output: "terminal",
    readyPath: "/healthz",
    warmPath: simulator ? WARM_PATH : "/healthz",
  });
  atEnd(dev.stop);
  say();
  say(`  Callback URL   ${dev.url}/webhooks`);
  say(`  Console        ${dev.url}/console   ${dim("signs in with ADMIN_TOKEN of .dev.vars")}`);
  if (simulator) say(`  Meta in a box  ${dev.url}/__meta    ${dim("npm run meta -- --help")}`);
  say();
  return (await dev.exited) ?? 1;
}

/** The engine then calls the simulator instead of Meta. */
function withSimulator(configs: readonly string[], vars: Record<string, string>, port: number): string[] {
  const graph = `http://127.0.0.1:${port}`;
  const all = { ...vars, ...metaUrls(graph) };
  return stageConfigs(join(ROOT, ".wrangler/simulator"), ["src/simulator/wrangler.toml", ...configs], all);
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
} finally {
  await endAll();
}
