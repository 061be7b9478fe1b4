/** Looks for what must not be there: tokens in any file, and people's words in the log. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files under a folder that hold a text, as UTF-8 or as UTF-16, which SQLite may also store. */
export function filesWith(folder: string, text: string): string[] {
  const forms = [Buffer.from(text), Buffer.from(text, "utf16le")];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path);
      return forms.some((form) => content.includes(form));
    });
}
