import { describe, expect, it } from "vitest";
import type { Day } from "../../../src/api/feed.ts";

import { dayOfAll, totalOf } from "../../../src/console/pages/day.ts";

const hour = (at: number, events: number): Day["hours"][number] => ({
  at,
  events,
  duplicates: 1,
  replies: events,
  sent: events,
  failed: 0,
});

describe("the days of several accounts", () => {
  it("are added hour by hour, whatever hours each of them has", () => {
    const day = dayOfAll([[hour(0, 1), hour(1, 2)], null, [hour(1, 10), hour(2, 100)]]);
    expect(day?.map(({ at, events, duplicates }) => [at, events, duplicates])).toEqual([
      [0, 1, 1],
      [1, 12, 2],
    ]);
    expect(totalOf(day ?? [], "events")).toBe(13);
  });

  it("are unknown when no account has answered", () => {
    expect(dayOfAll([null, null])).toBeNull();
    expect(dayOfAll([])).toBeNull();
  });
});
