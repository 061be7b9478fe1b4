/** The fuzz corpus: the payloads of the tests, with all kinds of events. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type JsonNode, parseTree } from "./json-tree.ts";

export interface Seed {
  name: string;
  text: string;
  tree: JsonNode;
}

const PAYLOADS = join(import.meta.dirname, "../payloads");

/** Sorted by name, so that a seed gives the same cases on every machine. */
export function readCorpus(): Seed[] {
  const names = readdirSync(PAYLOADS).filter((name) => name.endsWith(".json"));
  return names.toSorted().map((name) => {
    const text = readFileSync(join(PAYLOADS, name), "utf8");
    return { name: name.slice(0, -".json".length), text, tree: parseTree(text) };
  });
}
