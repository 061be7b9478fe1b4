/** Source files, with or without a mutant's changes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One change of one file. `find` must occur exactly once, so that a mutant fails when the code has changed. */
export interface Patch {
  /** Path from the repository root. */
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

/** The text of a file with the active changes. */
export function patched(file: string): string {
  return patchText(file, readFileSync(fileURLToPath(new URL(file, ROOT)), "utf8"), active);
}

/** @throws if a change no longer fits this file */
export function patchText(file: string, text: string, patches: readonly Patch[]): string {
  let changed = text;
  for (const { file: wanted, find, replace } of patches) {
    if (wanted !== file) continue;
    const places = changed.split(find).length - 1;
    if (places !== 1) throw new Error(`the mutant's text occurs ${places} times in ${file}: ${find}`);
    changed = changed.replace(find, () => replace);
  }
  return changed;
}

/** The path of a module from the repository root; null if it is outside. */
export function fileOf(url: string): string | null {
  return url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : null;
}
