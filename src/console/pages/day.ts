/** Days in hours, of one account and of several. */
import type { Day } from "../../api/feed.ts";

type Figure = Exclude<keyof Day["hours"][number], "at">;

export const totalOf = (day: Day["hours"], of: Figure): number => day.reduce((sum, hour) => sum + hour[of], 0);

/** The days of several accounts as one; null when none of them answered. */
export function dayOfAll(days: readonly (Day["hours"] | null)[]): Day["hours"] | null {
  const [first, ...others] = days.filter((day) => day !== null);
  return (
    first?.map((hour) => {
      const same = [hour, ...others.flatMap((day) => day.find(({ at }) => at === hour.at) ?? [])];
      return {
        at: hour.at,
        events: totalOf(same, "events"),
        duplicates: totalOf(same, "duplicates"),
        replies: totalOf(same, "replies"),
        sent: totalOf(same, "sent"),
        failed: totalOf(same, "failed"),
      };
    }) ?? null
  );
}
