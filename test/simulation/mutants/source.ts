/** Files as they ship, or with a mutant's change in them. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One change of one file. `find` must stand in it exactly once: code that has moved makes the mutant fail, not pass. */
export interface Patch {
  /** From the top of the repository. */
  file: string;
  find: string;
  replace: string;
}

const ROOT = new URL("../../../", import.meta.url);

let active: readonly Patch[] = [];

/** From now on, in this thread. */
export function usePatches(patches: readonly Patch[]): void {
  active = patches;
}

/** A file's text with the changes in force. */
export function patched(file: string): string {
  return patchText(file, readFileSync(fileURLToPath(new URL(file, ROOT)), "utf8"), active);
}

/** @throws when a change of this file does not fit it any more */
export function patchText(file: string, text: string, patches: readonly Patch[]): string {
  let changed = text;
  for (const { file: wanted, find, replace } of patches) {
    if (wanted !== file) continue;
    const places = changed.split(find).length - 1;
    if (places !== 1) throw new Error(`the mutant's text stands ${places} times in ${file}: ${find}`);
    changed = changed.replace(find, () => replace);
  }
  return changed;
}

/** The path of a module from the top of the repository; null for one outside it. */
export function fileOf(url: string): string | null {
  return url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : null;
}
