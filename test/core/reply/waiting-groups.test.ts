import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WaitingGroups } from "../../../src/core/reply/waiting-groups.ts";

describe("rows that are sent before a waiting row", () => {
  const groups = new WaitingGroups(
    new Map([
      ["viral", 100],
      ["quiet", 1],
      ["other", 3],
    ]),
  );

  it("is one of each group, for the first of a group", () => {
    expect(groups.ahead("viral", 1)).toBe(2);
    expect(groups.ahead("quiet", 1)).toBe(2);
  });

  it("is the whole of shorter groups, and as many as its own place of longer ones", () => {
    expect(groups.ahead("viral", 50)).toBe(49 + 1 + 3);
    expect(groups.ahead("other", 3)).toBe(2 + 1 + 3);
  });

  it("counts an unknown group as empty", () => {
    expect(groups.ahead("new", 1)).toBe(3);
    expect(groups.sizeOf("new")).toBe(0);
  });

  it("is what serving them in turn would show", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), (counts, whose, which) => {
        const own = whose % counts.length;
        const place = (which % (counts[own] ?? 1)) + 1;
        const named = new WaitingGroups(new Map(counts.map((count, index) => [String(index), count])));
        const ahead = counts.reduce(
          (sum, count, index) => sum + (index === own ? place - 1 : Math.min(count, place)),
          0,
        );
        expect(named.ahead(String(own), place)).toBe(ahead);
      }),
      { seed: 3 },
    );
  });
});
