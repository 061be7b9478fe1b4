/**
 * What must be alike in two bodies of one kind: the keys, the types of the values, and the unit of times. Ids that are
 * keys themselves (app roles) count as one.
 */
export function shapeOf(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => shapeOf(item, key));
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(([name, member]): [string, unknown] => [
      /^\d+$/.test(name) ? "<id>" : name,
      shapeOf(member, name),
    ]);
    return Object.fromEntries(members.sort(([left], [right]) => (left < right ? -1 : 1)));
  }
  if (value === null) return "null";
  if (TIMES.has(key)) return `${typeof value} in ${Number(value) < FIRST_IN_MS ? "s" : "ms"}`;
  return typeof value;
}

const TIMES = new Set([
  "time",
  "timestamp",
  "watermark",
  "created_time",
  "start_time",
  "end_time",
  "token_expiry_timestamp",
]);

/** Seconds stay below this until the year 5138. */
const FIRST_IN_MS = 1e11;
