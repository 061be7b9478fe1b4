/** Searches for leaks: tokens in any file, and texts of people in the log. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files under a folder that contain a text, in UTF-8 or UTF-16, which SQLite may also use. */
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
