/** The Markdown files of the repository, for the tests that compare them with the code. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Paths from the root, of every page and of llms.txt. */
export const PAGES: readonly string[] = globSync(["*.md", "llms.txt", "{docs,test,bench,.github}/**/*.md"], {
  cwd: ROOT,
}).toSorted();

export const read = (path: string): string => readFileSync(`${ROOT}/${path}`, "utf8");

/** The text from a heading to the next one of the same level or a higher one. */
export function section(page: string, heading: string): string {
  const [, after] = page.split(`${heading}\n`);
  if (after === undefined) throw new Error(`no heading ${heading}`);
  const level = heading.indexOf(" ");
  return after.split(new RegExp(`^#{1,${level}} `, "m"))[0] ?? "";
}

/** The cells of a section's table rows, without the header. */
export function tableRows(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
