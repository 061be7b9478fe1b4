import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ensureDevVars,
  fillExample,
  formatDevVars,
  readDevVars,
} from "../../../../src/simulator/cli/stack/dev-vars.ts";
import { stageConfigs } from "../../../../src/simulator/cli/stack/wrangler-process.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "replyline-test-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("the first run writes secrets of its own, each 32 random bytes, readable by the owner alone", () => {
  writeFileSync(join(root, ".dev.vars.example"), 'A="__RANDOM__"\nB="x:__RANDOM__,y:__RANDOM__"\n# C\nD="plain"\n');
  const { path, created } = ensureDevVars(root);
  expect(created).toBe(true);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { A = "", B = "", D } = readDevVars(path);
  const [x = "", y = ""] = B.split(",");
  const secrets = [A, x.slice(2), y.slice(2)];
  for (const secret of secrets) expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  expect(new Set(secrets).size).toBe(3);
  expect(D).toBe("plain");
});

test("an existing file is never touched", () => {
  writeFileSync(join(root, ".dev.vars.example"), 'A="__RANDOM__"');
  writeFileSync(join(root, ".dev.vars"), 'A="mine"');
  expect(ensureDevVars(root).created).toBe(false);
  expect(readFileSync(join(root, ".dev.vars"), "utf8")).toBe('A="mine"');
});

test("the example of this repository fills every secret", () => {
  const example = readFileSync(new URL("../../../../.dev.vars.example", import.meta.url), "utf8");
  // The comment that explains the placeholder is filled as well, which does no harm.
  expect(fillExample(example)).not.toContain("__RANDOM__");
});

test("values are read with double quotes, single quotes and none, and written so that they are read again", () => {
  const path = join(root, "vars");
  writeFileSync(path, 'A="one two"\nB=\'three\'\nC=four # a remark\n\n# D="no"\n');
  expect(readDevVars(path)).toEqual({ A: "one two", B: "three", C: "four" });
  writeFileSync(path, formatDevVars({ A: "a=b#c", B: "x,y" }));
  expect(readDevVars(path)).toEqual({ A: "a=b#c", B: "x,y" });
});

test("staged configurations keep their entry points, and get settings of their own", () => {
  const [simulator = "", receiver = ""] = stageConfigs(
    join(root, "config"),
    ["src/simulator/wrangler.toml", "wrangler.toml"],
    { A: "1" },
  );
  expect(readFileSync(simulator, "utf8")).toMatch(/^main = "\/.*\/src\/simulator\/index\.ts"$/m);
  expect(readFileSync(receiver, "utf8")).toMatch(/^main = "\/.*\/src\/receiver\/index\.ts"$/m);
  expect(readDevVars(join(root, "config/.dev.vars"))).toEqual({ A: "1" });
});
