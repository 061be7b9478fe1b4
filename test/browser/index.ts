/** `npm run test:browser`: the console in a real Chromium, against both Workers and Meta in a box. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../src/simulator/cli/dev-vars.ts";
import { chromiumPath } from "./chromium.ts";

if (chromiumPath() === null) {
  console.error(
    [
      "The browser tests need Chromium, and none was found.",
      "",
      "  Debian, Ubuntu:  apt-get install chromium",
      "  elsewhere:       CHROMIUM=/path/to/chrome npm run test:browser",
    ].join("\n"),
  );
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
