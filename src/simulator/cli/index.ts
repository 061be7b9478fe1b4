/** `npm run meta -- <command>`: the command line of the Meta simulator. */
import { endAll, endOnSignals } from "./stack/shutdown.ts";
import { run } from "./program.ts";
import { complain, red } from "./terminal.ts";

endOnSignals();
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  complain(red((error as Error).message));
  process.exitCode = 1;
} finally {
  await endAll();
}
