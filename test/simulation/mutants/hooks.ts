/**
 * Loads the shipping modules with a mutant's changes in them, through Node's own module hooks: the files stay as they
 * are, and no shipping code knows of it. https://nodejs.org/api/module.html#moduleregisterhooksoptions
 */
import { registerHooks } from "node:module";
import { fileOf, type Patch, patchText, usePatches } from "./source.ts";

/**
 * For this thread, for every module loaded from now on.
 *
 * @returns the files of which no module was loaded: a change there has changed nothing
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
