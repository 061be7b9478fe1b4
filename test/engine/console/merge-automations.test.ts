/** Two people on one list of automations. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import { merge, touched } from "../../../src/console/client/merge-automations.ts";

const one = (id: string, text = "Hi", enabled = true): Automation => ({
  id,
  name: id.toUpperCase(),
  enabled,
  trigger: { on: "message", keywords: [], match: "any", mediaIds: [] },
  actions: { message: { text } },
});
const [a, b, c] = [one("a"), one("b"), one("c")];
const BASE = [a, b, c];

/** `a`, `b:other text`, `-c` switched off. */
const shown = (items: readonly Automation[]): string =>
  items
    .map(({ id, enabled, actions }) => {
      const text = actions.message?.text ?? "";
      return `${enabled ? "" : "-"}${id}${text === "Hi" ? "" : `:${text}`}`;
    })
    .join(" ");

interface Case {
  mine: Automation[];
  theirs: Automation[];
  together: string;
}

describe("what two people have changed apart from each other", () => {
  it.each<[string, Case]>([
    ["nothing of mine", { mine: BASE, theirs: [c, one("a", "new")], together: "c a:new" }],
    ["nothing of theirs", { mine: [one("b", "new"), a], theirs: BASE, together: "b:new a" }],
    [
      "another automation each",
      { mine: [one("a", "mine"), b, c], theirs: [a, b, one("c", "theirs")], together: "a:mine b c:theirs" },
    ],
    ["a new one of theirs", { mine: [a, one("b", "mine"), c], theirs: [...BASE, one("d")], together: "a b:mine c d" }],
    ["a new one each", { mine: [...BASE, one("m")], theirs: [...BASE, one("t")], together: "a b c t m" }],
    ["a new one each, at the top", { mine: [one("m"), ...BASE], theirs: [one("t"), ...BASE], together: "t m a b c" }],
    ["two new ones of mine", { mine: [a, one("m"), one("n"), b, c], theirs: [c, a, b], together: "c a m n b" }],
    ["one that I removed", { mine: [a, c], theirs: [one("a", "theirs"), b, c], together: "a:theirs c" }],
    ["one that they removed", { mine: [one("a", "mine"), b, c], theirs: [a, c], together: "a:mine c" }],
    ["an order of mine", { mine: [c, b, a], theirs: [a, one("t"), b, c], together: "c b a t" }],
    ["an order of theirs", { mine: [a, one("m"), b, c], theirs: [c, b, a], together: "c b a m" }],
    ["the same change", { mine: [c, one("a", "same")], theirs: [c, one("a", "same")], together: "c a:same" }],
    [
      "my switch and their text",
      { mine: [one("a", "Hi", false), b, c], theirs: [one("a", "theirs"), b, c], together: "-a:theirs b c" },
    ],
    [
      "their switch and my text",
      { mine: [one("a", "mine"), b, c], theirs: [one("a", "Hi", false), b, c], together: "-a:mine b c" },
    ],
  ])("goes together: %s", (_what, { mine, theirs, together }) => {
    const merged = merge(BASE, mine, theirs);
    expect(shown(merged.items)).toBe(together);
    expect(merged.clashes).toEqual([]);
  });

  it("does not depend on the order of keys, which the JSON may have otherwise", () => {
    const { id, ...rest } = one("a", "same");
    expect(merge(BASE, [{ ...rest, id }, b, c], [one("a", "same"), b, c]).clashes).toEqual([]);
  });
});

describe("what two people have changed in different ways", () => {
  it.each<[string, Case & { clashes: string[]; theirsWin: string }]>([
    [
      "the same text",
      {
        mine: [one("a", "mine"), b, c],
        theirs: [one("a", "theirs"), b, one("c", "theirs")],
        together: "a:mine b c:theirs",
        theirsWin: "a:theirs b c:theirs",
        clashes: ["“A”"],
      },
    ],
    [
      "one that they removed",
      { mine: [one("a", "mine"), b, c], theirs: [b, c], together: "a:mine b c", theirsWin: "b c", clashes: ["“A”"] },
    ],
    [
      "one that I removed",
      { mine: [b, c], theirs: [one("a", "t"), b, c], together: "b c", theirsWin: "a:t b c", clashes: ["“A”"] },
    ],
    [
      "two new ones of one id",
      {
        mine: [...BASE, one("d", "mine")],
        theirs: [...BASE, one("d", "theirs")],
        together: "a b c d:mine",
        theirsWin: "a b c d:theirs",
        clashes: ["“D”"],
      },
    ],
    [
      "the order",
      { mine: [c, a, b], theirs: [b, a, c], together: "c a b", theirsWin: "b a c", clashes: ["the order"] },
    ],
  ])("is a clash, and the winner's stands: %s", (_what, { mine, theirs, together, theirsWin, clashes }) => {
    const merged = merge(BASE, mine, theirs);
    expect(merged.clashes).toEqual(clashes);
    expect(shown(merged.items)).toBe(together);
    expect(shown(merge(BASE, mine, theirs, "theirs").items)).toBe(theirsWin);
  });
});

it("two new ids for one are asked about: with both, it would answer twice", () => {
  const merged = merge(BASE, [one("mine"), b, c], [one("theirs"), b, c]);
  expect(merged.clashes).toEqual(["“A”"]);
  expect(merge(BASE, [one("mine"), b, c], BASE).clashes).toEqual([]);
  expect(merge(BASE, [b, c], [b, c, one("d")]).clashes).toEqual([]);
});

describe("what differs between two lists", () => {
  it("is named", () => {
    expect(touched(BASE, BASE)).toEqual([]);
    expect(touched(BASE, [c, one("a", "new"), one("d")])).toEqual(["“A”", "“D”", "“B”", "the order"]);
  });

  it("and holds, is what the merged list has as they have it, by whatever name", () => {
    const theirs = [{ ...one("a", "theirs"), name: "Renamed" }, one("b", "theirs"), c];
    const { items } = merge(BASE, [one("a", "mine"), b, c], theirs);
    expect(touched(BASE, theirs, items)).toEqual(["“B”"]);
  });
});
