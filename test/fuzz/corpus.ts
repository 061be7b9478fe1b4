/** The seeds of the fuzz: the payloads that the tests read, every kind of event among them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonNode, parseTree } from "./json-tree.ts";

export interface Seed {
  name: string;
  text: string;
  tree: JsonNode;
}

const PAYLOADS = join(import.meta.dirname, "../payloads");

/** In the order of their names, so that a seed of the fuzz means the same everywhere. */
export function readCorpus(): Seed[] {
  const names = readdirSync(PAYLOADS).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => {
    const text = readFileSync(join(PAYLOADS, name), "utf8");
    return { name: name.slice(0, -".json".length), text, tree: parseTree(text) };
  });
}
