/** Mutations of keys: names that objects inherit, repeated names, escaped names. */
import { branchesOf, copyTree, type JsonNode, type JsonObjectNode, token } from "../json-tree.ts";
import type { Random } from "../random.ts";

const INHERITED = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "toJSON",
  "then",
  "length",
  "__defineGetter__",
] as const;

/** If code merges parsed objects, these names pollute every object. */
const POLLUTION = [
  '{"polluted":"yes"}',
  '{"prototype":{"polluted":"yes"}}',
  '{"__proto__":{"polluted":"yes"},"polluted":"yes"}',
  '[{"__proto__":{"polluted":"yes"}}]',
  '"polluted"',
  "null",
] as const;

export function mutateKeys(root: JsonNode, random: Random): JsonNode {
  const objects = branchesOf(root).filter((branch): branch is JsonObjectNode => branch.type === "object");
  for (let n = random.int(1, 4); n > 0; n--) {
    const object = random.pick(objects);
    if (object === undefined) return root;
    const member = random.pick(object.members);
    switch (random.int(0, 5)) {
      case 0:
      case 1: // An additional key at the start or end.
        object.members[random.chance(0.5) ? "push" : "unshift"]({
          key: `"${random.pick(INHERITED)}"`,
          value: token(random.pick(POLLUTION)),
        });
        break;
      case 2:
        if (member !== undefined) member.key = `"${random.pick(INHERITED)}"`;
        break;
      case 3: // The same key again, with another value.
        if (member !== undefined) {
          const value = random.chance(0.5) ? copyTree(member.value) : token(random.pick(POLLUTION));
          object.members.splice(random.int(0, object.members.length), 0, { key: member.key, value });
        }
        break;
      case 4: // The same name, every letter escaped.
        if (member !== undefined) member.key = escapeAll(member.key);
        break;
      default:
        object.members.push({
          key: random.pick(['""', '"\\u0000"', '"\\ud800"', '" "'] as const),
          value: token("[1]"),
        });
    }
  }
  return root;
}

const escapeAll = (quoted: string): string =>
  `"${Array.from(quoted.slice(1, -1), (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`;
