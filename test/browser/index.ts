/**
 * `npm run test:browser`: the console in a real Chromium, against both Workers and the Meta simulator. A file's name after
 * `--` runs that file alone; `BROWSER_SOAK_MINUTES=10` watches the feed's memory for ten minutes instead of less than one.
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../src/simulator/cli/stack/dev-vars.ts";
import { chromiumPath, howToGetChromium } from "./chromium.ts";

if (chromiumPath() === null) {
  console.error(howToGetChromium());
  process.exit(1);
}

const { status } = spawnSync(
  process.execPath,
  [
    join(ROOT, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config",
    "test/browser/vitest.config.ts",
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: "inherit" },
);
process.exit(status ?? 1);
