/** `npm run dev`: the receiver and the engine in one `wrangler dev`, with local KV, queue and Durable Objects. */
import { join } from "node:path";
import { Command } from "commander";
import { ensureDevVars, readDevVars, ROOT } from "../src/simulator/cli/stack/dev-vars.ts";
import { namedPort } from "../src/simulator/cli/stack/free-port.ts";
import { RECEIVER_AND_ENGINE, startStack } from "../src/simulator/cli/stack/local-stack.ts";
import { atEnd, endAll, endOnSignals } from "../src/simulator/cli/stack/shutdown.ts";
import { bold, complain, dim, say } from "../src/simulator/cli/terminal.ts";

const command = new Command("npm run dev --")
  .description("Run Replyline locally.")
  .option("--port <number>", "the port to listen on", "8787")
  .option("--simulator", "put the Meta simulator in front of Replyline; no request can reach Meta");

async function main(): Promise<number> {
  const { port: wanted, simulator = false } = command.parse().opts<{ port: string; simulator?: boolean }>();
  const port = await namedPort(wanted);
  endOnSignals();
  const { path, created } = ensureDevVars();
  if (created) say(`Created ${bold(".dev.vars")} with new secrets.`);
  const dev = await startStack({
    ...(simulator ? { vars: readDevVars(path) } : { configs: RECEIVER_AND_ENGINE }),
    port,
    directory: join(ROOT, ".wrangler/simulator"),
    persistTo: join(ROOT, ".wrangler/state"),
    output: "terminal",
  });
  atEnd(dev.stop);
  say();
  say(`  Callback URL    ${dev.url}/webhooks`);
  say(`  Console         ${dev.url}/console   ${dim("sign in with ADMIN_TOKEN of .dev.vars")}`);
  if (simulator) say(`  Meta simulator  ${dev.url}/__meta    ${dim("npm run meta -- --help")}`);
  say();
  return (await dev.exited) ?? 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(`${(error as Error).message}\nOptions: npm run dev -- --help`);
  process.exitCode = 1;
} finally {
  await endAll();
}
