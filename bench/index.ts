/**
 * `npm run bench` measures the figures of the README's table on this machine; `npm run bench -- feed sending` measures
 * only those two. Every run starts its own local stack, sends a fixed number of requests, and stops it. A missed target
 * is printed, and the exit status is 1.
 */
import { cpus } from "node:os";
import { complain, say } from "../src/simulator/cli/terminal.ts";
import { benchDirectory } from "./directory.ts";
import { benchFeed } from "./feed.ts";
import { benchReceiver } from "./receiver.ts";
import { benchSending } from "./sending.ts";
import { lines, type Row } from "./table.ts";
import { benchVerification } from "./verification.ts";

const PORT = 8_797;

const BENCHES = {
  verification: benchVerification,
  receiver: benchReceiver,
  sending: benchSending,
  directory: benchDirectory,
  feed: benchFeed,
};
type Bench = keyof typeof BENCHES;
const NAMES = Object.keys(BENCHES) as Bench[];

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !NAMES.some((known) => known === name));
  if (unknown.length > 0) {
    complain(`Unknown benchmark: ${unknown.join(", ")}. Available: ${NAMES.join(", ")}.`);
    return 2;
  }
  const progress = (text: string): void => complain(`  … ${text}`);
  const rows: Row[] = [];
  for (const name of NAMES.filter((known) => asked.length === 0 || asked.includes(known))) {
    rows.push(...(await BENCHES[name](PORT, progress)));
  }
  say();
  say(`Replyline on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), wrangler dev, loopback`);
  say();
  for (const line of lines(rows)) say(line);
  say();
  return rows.some(({ reached }) => reached === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
