/** Mutations of depth, size and number. */
import { copyTree, type JsonNode, memberOf, placesOf, printTree, textToken, token } from "../json-tree.ts";
import type { Random } from "../random.ts";

/** Around the reader's limit, and far beyond the stack size. */
const DEPTHS = [8, 55, 60, 61, 62, 63, 64, 65, 66, 100, 1_000, 10_000, 20_000] as const;

const BRACKETS: readonly [Bracket, ...Bracket[]] = [
  ["[", "]"],
  ['{"a":', "}"],
  ['[{"__proto__":', "}]"],
];
type Bracket = readonly [open: string, close: string];

export function mutateDepth(root: JsonNode, random: Random): JsonNode {
  const depth = random.pick(DEPTHS);
  const [open, close] = random.pick(BRACKETS);
  const missing = random.chance(0.15) ? random.int(0, depth) : 0;
  const deep = token(open.repeat(depth) + (open.endsWith(":") ? "1" : "") + close.repeat(depth - missing));
  const place = random.pick(placesOf(root));
  if (place === undefined || random.chance(0.05)) return deep;
  place.replace(deep);
  return root;
}

/** Exceeds every limit of the queue. A body of the maximum size takes half a second, so these cases are rare. */
const MODERATE_BYTES = 300_000;

/**
 * A body of the maximum size or a little more: one long text, one long name, many items, or white space.
 *
 * @param maxBytes the receiver's limit
 */
export function mutateSize(root: JsonNode, maxBytes: number, random: Random): string {
  const places = placesOf(root);
  const isFull = random.chance(maxBytes > MODERATE_BYTES ? 0.03 : 0.3);
  const length = isFull ? maxBytes : random.int(1_000, Math.min(maxBytes, MODERATE_BYTES));
  switch (random.int(0, isFull ? 5 : 4)) {
    case 0:
    case 1: {
      // A text that is compressible, or one that is not.
      const text = random.chance(0.5) ? "a".repeat(length) : noise(random, length);
      random.pick(places.filter(({ node }) => node.type === "token"))?.replace(textToken(text));
      return printTree(root);
    }
    case 2: {
      const names = places.filter(({ name }) => ["field", "object", "id", "verb", "mid"].includes(name));
      random.pick(names)?.replace(textToken("n".repeat(Math.min(length, 200_000))));
      return printTree(root);
    }
    case 3: {
      const arrays = [root, ...places.map(({ node }) => node)].filter((node) => node.type === "array");
      const array = random.pick(arrays);
      const item = array?.items[0];
      if (array !== undefined && item !== undefined) {
        const most = Math.min(1_000, Math.ceil(length / (printTree(item).length + 1)));
        for (let n = most; n > 0; n--) array.items.push(copyTree(item));
      }
      return printTree(root);
    }
    case 4: {
      const members = Array.from({ length: Math.min(5_000, Math.ceil(length / 12)) }, (_, i) => ({
        key: `"k${i}"`,
        value: token(random.chance(0.5) ? "[1]" : "1"),
      }));
      const branch = random.pick([root, ...places.map(({ node }) => node)].filter((node) => node.type === "object"));
      branch?.members.push(...members);
      return printTree(root);
    }
    default: {
      // Exactly at the limit, one below, one above.
      const text = printTree(root);
      return text + " ".repeat(Math.max(0, maxBytes + random.int(-1, 1) - Buffer.byteLength(text)));
    }
  }
}

/** Random hexadecimal digits: gzip can only halve them. */
function noise(random: Random, length: number): string {
  const parts: string[] = [];
  for (let size = 0; size < length; size += 8)
    parts.push(
      Math.floor(random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    );
  return parts.join("").slice(0, length);
}

export interface Batch {
  text: string;
  /** The same entries, each as a separate delivery. */
  recut: string[];
}

/** Entries of several payloads in one delivery. Meta sends up to 1000 updates at once. */
export function makeBatch(trees: readonly JsonNode[], random: Random): Batch {
  const object = random.chance(0.7) ? '"instagram"' : '"page"';
  const entries = trees.flatMap((tree) => {
    const list = memberOf(tree, "entry")?.value;
    return list?.type === "array" ? list.items.map(printTree) : [];
  });
  const delivery = (list: readonly string[]): string => `{"object":${object},"entry":[${list.join(",")}]}`;
  const recut = entries.map((entry) => delivery([entry]));
  // Sometimes as an array of notifications.
  return { text: random.chance(0.15) ? `[${recut.join(",")}]` : delivery(entries), recut };
}
