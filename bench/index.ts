/**
 * `npm run bench`: the figures of the README's table, on this machine. Every run starts its own local stack, sends a
 * bounded number of requests to it, and stops it. A target that is missed is said, and the exit status is 1.
 */
import { cpus } from "node:os";
import { complain, say } from "../src/simulator/cli/terminal.ts";
import { benchDirectory } from "./directory.ts";
import { benchReceiver } from "./receiver.ts";
import { benchSending } from "./sending.ts";
import { lines, type Row } from "./table.ts";

const PORT = 8_797;

async function main(): Promise<number> {
  const progress = (text: string): void => complain(`  … ${text}`);
  const rows: Row[] = [
    ...(await benchReceiver(PORT, progress)),
    ...(await benchSending(PORT, progress)),
    ...(await benchDirectory(PORT, progress)),
  ];
  say();
  say(`Replyline on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"}), wrangler dev, loopback`);
  say();
  for (const line of lines(rows)) say(line);
  say();
  return rows.some(({ reached }) => reached === false) ? 1 : 0;
}

process.exitCode = await main();
