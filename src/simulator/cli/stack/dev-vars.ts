/** `.dev.vars`: the local settings of both Workers, created once from `.dev.vars.example`. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));

const SECRET_BYTES = 32;

/** Replaces each `__RANDOM__` with a new secret. */
export const fillExample = (example: string): string =>
  example.replaceAll("__RANDOM__", () => randomBytes(SECRET_BYTES).toString("base64url"));

/** Creates `.dev.vars` if it does not exist. An existing file is never changed. */
export function ensureDevVars(root = ROOT): { path: string; created: boolean } {
  const path = join(root, ".dev.vars");
  if (existsSync(path)) return { path, created: false };
  const example = readFileSync(join(root, ".dev.vars.example"), "utf8");
  // `wx`: of two commands that start together, only one writes.
  try {
    writeFileSync(path, fillExample(example), { flag: "wx", mode: 0o600 });
    return { path, created: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return { path, created: false };
    throw error;
  }
}

const LINE = /^\s*([A-Z][A-Z0-9_]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#]*))/;

/** The values of a `.dev.vars` file. */
export function readDevVars(path: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of readFileSync(path, "utf8").split(/\r?\n/)) {
    const [, name, double, single, bare] = LINE.exec(line) ?? [];
    if (name !== undefined) values[name] = double ?? single ?? (bare ?? "").trim();
  }
  return values;
}

/** Writes values in the same format. */
export const formatDevVars = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join("");
