import { spawn } from "node:child_process";
import { expect, test } from "vitest";

const INTERRUPT = new URL("../../../../src/simulator/cli/stack/shutdown.ts", import.meta.url).href;

/** Prints that it is ready, runs until it is ended, and prints that it has ended what it started. */
const CHILD = `
  const { atEnd, endOnSignals } = await import(${JSON.stringify(INTERRUPT)});
  atEnd(async () => process.stdout.write("ended"));
  endOnSignals();
  setInterval(() => undefined, 1000);
  process.stdout.write("ready ");
`;

/** As npm does: a shell between this process and the command, which does not become it. */
async function runUnder(signal: NodeJS.Signals): Promise<string> {
  const shell = spawn("sh", ["-c", '"$NODE" --input-type=module -e "$CHILD"; true'], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE: process.execPath, CHILD, npm_lifecycle_event: "meta" },
  });
  let out = "";
  for await (const chunk of shell.stdout) {
    out += String(chunk);
    if (out === "ready ") shell.kill(signal);
  }
  return out;
}

test("a command ends itself and what it started when only its shell is ended", { timeout: 20_000 }, async () => {
  // The output closes only when no process has it open.
  expect(await runUnder("SIGKILL")).toBe("ready ended");
  expect(await runUnder("SIGTERM")).toBe("ready ended");
});
