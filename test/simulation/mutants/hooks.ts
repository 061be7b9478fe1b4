/**
 * Loads the shipping modules with a mutant's changes, through Node's module hooks. Neither the files nor the shipping
 * code change. https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
import { registerHooks } from "node:module";
import { fileOf, type Patch, patchText, usePatches } from "./source.ts";

/**
 * Applies to every module that this thread loads from now on.
 *
 * @returns changed files that were not loaded as a module, so their change has no effect
 */
export function loadWith(patches: readonly Patch[]): () => string[] {
  usePatches(patches);
  const missing = new Set(patches.map(({ file }) => file).filter((file) => file.startsWith("src/")));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = fileOf(url);
      if (file === null || !missing.has(file) || loaded.source == null) return loaded;
      missing.delete(file);
      const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
      return { ...loaded, source: patchText(file, text, patches) };
    },
  });
  return () => [...missing];
}
