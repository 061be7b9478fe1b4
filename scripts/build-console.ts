/**
 * Builds the files that the console's pages load: one script and one style sheet, each with a content hash in its name.
 * wrangler runs it before every dev, test harness and deploy (`[build]` in wrangler.engine.toml), vitest.config.ts before
 * the tests. You never need to run it yourself.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const OUTPUT = join(ROOT, "dist/console/assets.js");

interface Asset {
  name: string;
  type: string;
  content: string;
}

export async function buildConsole(): Promise<void> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { console: "src/console/client/main.ts", style: "src/console/style/main.css" },
    bundle: true,
    minify: true,
    write: false,
    outdir: "dist/console",
    format: "esm",
    target: "es2023",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
  });
  const script = asset("console", "js", "text/javascript; charset=utf-8", textOf(outputFiles, ".js"));
  const style = asset("style", "css", "text/css; charset=utf-8", textOf(outputFiles, ".css"));
  const source = `export const script = ${JSON.stringify(script)};\nexport const style = ${JSON.stringify(style)};\n`;
  if (source !== current()) replace(source);
}

function textOf(files: readonly { path: string; text: string }[], ending: string): string {
  const found = files.find(({ path }) => path.endsWith(ending));
  if (found === undefined) throw new Error(`the build has no ${ending} file`);
  return found.text;
}

function asset(name: string, ending: string, type: string, content: string): Asset {
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 12);
  return { name: `${name}.${hash}.${ending}`, type, content };
}

function current(): string | null {
  try {
    return readFileSync(OUTPUT, "utf8");
  } catch {
    return null;
  }
}

/** Replaces the file in one step: a test run and `wrangler dev` may read it at the same time. */
function replace(source: string): void {
  mkdirSync(dirname(OUTPUT), { recursive: true });
  const part = `${OUTPUT}.${process.pid}`;
  writeFileSync(part, source);
  renameSync(part, OUTPUT);
}

await buildConsole();
