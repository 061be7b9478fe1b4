/** Mutations of the structure: position, number and nesting of parts. */
import { branchesOf, copyTree, type JsonNode, placesOf, token } from "../json-tree.ts";
import type { Random } from "../random.ts";

const CONTAINER_KEYS = ["changes", "messaging", "standby", "changed_fields", "entry", "value", "field"] as const;

/** @param donor a tree whose parts may be copied; it is not changed */
export function mutateStructure(root: JsonNode, donor: JsonNode, random: Random): JsonNode {
  const place = random.pick(placesOf(root));
  const branch = random.pick(branchesOf(root));
  if (place === undefined || branch === undefined) return root;
  switch (random.int(0, 9)) {
    case 0: // Removes one part.
      if (branch.type === "object") branch.members.splice(random.int(0, branch.members.length), 1);
      else branch.items.splice(random.int(0, branch.items.length), 1);
      return root;
    case 1: // Repeats one part twice or many times.
      if (branch.type === "array") {
        const item = random.pick(branch.items);
        if (item !== undefined) for (let n = random.int(1, 5); n > 0; n--) branch.items.push(copyTree(item));
      } else {
        const member = random.pick(branch.members);
        if (member !== undefined) branch.members.push({ key: member.key, value: copyTree(member.value) });
      }
      return root;
    case 2:
      place.replace({ type: "array", items: [place.node] });
      return root;
    case 3:
      place.replace({ type: "object", members: [{ key: `"${random.pick(CONTAINER_KEYS)}"`, value: place.node }] });
      return root;
    case 4: // Replaces a part with one of its own parts.
      return copyTree(random.pick(branchesOf(place.node)) ?? place.node);
    case 5: // A part of another payload.
      place.replace(copyTree(random.pick(placesOf(donor))?.node ?? donor));
      return root;
    case 6:
      place.replace(random.chance(0.5) ? { type: "array", items: [] } : { type: "object", members: [] });
      return root;
    case 7: // Another order.
      if (branch.type === "object") branch.members.reverse();
      else branch.items.reverse();
      return root;
    case 8: {
      const object = branch.type === "object" ? random.pick(branch.members) : undefined;
      if (object !== undefined) object.key = `"${random.pick(CONTAINER_KEYS)}"`;
      return root;
    }
    default: // Adds a part in an unexpected place.
      if (branch.type === "array") branch.items.push(token("7"), copyTree(donor));
      else
        branch.members.push({ key: '"messaging"', value: { type: "array", items: [copyTree(donor), token('"x"')] } });
      return root;
  }
}
