/** Two people have changed the same list: what each has changed, in one. Pure; the API takes a whole list. */
import type { Automation } from "../../core/automation/automation.ts";
import { canonicalJson } from "../../core/canonical-json.ts";

export interface Merged {
  items: Automation[];
  /** What both have changed, each in another way: `“Opening hours”`, `the order`. There the winner's stands. */
  clashes: string[];
}

type List = readonly Automation[];

export const ORDER = "the order";

/**
 * Mine and theirs on top of what both began with. An automation's switch and its content are apart: switching it off
 * while the other person edits its text is no clash.
 *
 * @param base what both have seen
 */
export function merge(base: List, mine: List, theirs: List, winner: "mine" | "theirs" = "mine"): Merged {
  const clashes: string[] = [];
  const merged = new Map<string, Automation>();
  for (const id of new Set([...theirs, ...mine].map((one) => one.id))) {
    const versions = [base, mine, theirs].map((list) => list.find((one) => one.id === id));
    const { item, clash } = mergeOne(versions[0], versions[1], versions[2], winner);
    if (item !== undefined) merged.set(id, item);
    if (clash) clashes.push(`“${(versions[1] ?? versions[2])?.name ?? id}”`);
  }
  // Gone from both, and both have something new: two new ids for one, perhaps, and then it would answer twice.
  const renamed = base.filter(({ id }) => !has(mine, id) && !has(theirs, id));
  if (
    renamed.length > 0 &&
    mine.some(({ id }) => isOnlyIn(id, mine, base, theirs)) &&
    theirs.some(({ id }) => isOnlyIn(id, theirs, base, mine))
  ) {
    clashes.push(...renamed.map(({ name }) => `“${name}”`));
  }
  const bothMoved = isMoved(base, mine) && isMoved(base, theirs) && isMoved(mine, theirs);
  if (bothMoved) clashes.push(ORDER);
  const ids = orderOf(base, mine, theirs, bothMoved ? winner : isMoved(base, mine) ? "mine" : "theirs");
  return { items: ids.flatMap((id) => merged.get(id) ?? []), clashes };
}

/**
 * Names of what differs between two lists, and the order where that does.
 *
 * @param kept only what is in this one as it is in `after`
 */
export function touched(before: List, after: List, kept: List = after): string[] {
  const names: string[] = [];
  for (const id of new Set([...after, ...before].map((one) => one.id))) {
    const [was, is, stays] = [before, after, kept].map((list) => list.find((one) => one.id === id));
    if (!same(was, is) && same(is, stays)) names.push(`“${(is ?? was)?.name ?? id}”`);
  }
  return isMoved(before, after) && !isMoved(kept, after) ? [...names, ORDER] : names;
}

type One = Automation | undefined;

/** undefined: it is not in that list. */
function mergeOne(base: One, mine: One, theirs: One, winner: "mine" | "theirs"): { item: One; clash: boolean } {
  if (same(mine, theirs) || same(mine, base)) return { item: theirs, clash: false };
  if (same(theirs, base)) return { item: mine, clash: false };
  const won = winner === "mine" ? mine : theirs;
  if (base === undefined || mine === undefined || theirs === undefined) return { item: won, clash: true };
  // Two who have both turned a switch have turned it the same way.
  const enabled = mine.enabled === base.enabled ? theirs.enabled : mine.enabled;
  const [was, own, other] = [base, mine, theirs].map((one) => ({ ...one, enabled }));
  const clash = !same(own, was) && !same(other, was) && !same(own, other);
  const content = clash ? won : same(own, was) ? theirs : mine;
  return { item: content === undefined ? undefined : { ...content, enabled }, clash };
}

/** Ids in the order of the one who has moved something; what the other has added comes after what it came after. */
function orderOf(base: List, mine: List, theirs: List, by: "mine" | "theirs"): string[] {
  const [frame, other] = by === "mine" ? [mine, theirs] : [theirs, mine];
  const ids = frame.map(({ id }) => id);
  for (const [index, { id }] of other.entries()) {
    if (ids.includes(id)) continue;
    const before = other.slice(0, index).findLast((one) => ids.includes(one.id));
    let at = before === undefined ? 0 : ids.indexOf(before.id) + 1;
    // Both have added something in the same place: theirs is in force already, so it stays the first.
    if (by === "theirs") while (isAdded(base, theirs, ids[at])) at++;
    ids.splice(at, 0, id);
  }
  return ids;
}

const isOnlyIn = (id: string, list: List, ...others: List[]): boolean =>
  has(list, id) && !others.some((one) => has(one, id));
const has = (list: List, id: string | undefined): boolean => list.some((one) => one.id === id);
const isAdded = (base: List, list: List, id: string | undefined): boolean => has(list, id) && !has(base, id);

/** Whether what is in both stands in another order. */
function isMoved(one: List, other: List): boolean {
  const shared = (list: List, of: List): string[] => list.map(({ id }) => id).filter((id) => has(of, id));
  return shared(one, other).join("\n") !== shared(other, one).join("\n");
}

/** Whatever the order of the keys: an automation from the JSON has its own. */
const same = (one: unknown, other: unknown): boolean => canonicalJson(one) === canonicalJson(other);
