/**
 * The schemas' building blocks. Each says in its own message what to do; the path of the field is put in front of it
 * (`issues.ts`).
 */
import * as v from "valibot";

/** An object with these keys and no others: a misspelt key must not be passed over in silence. */
export function closed<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(", ");
  const schema = v.strictObject(entries, (issue) => {
    // To valibot a list is an object whose keys are numbers.
    if (Array.isArray(issue.path?.at(-1)?.input)) return `must be an object with ${known}`;
    if (issue.expected === "never") return `is not known here; known are ${known}`;
    if (issue.expected?.startsWith('"')) return "is required";
    return `must be an object with ${known}`;
  });
  // …and an empty one an object that may well be complete. In a pipe in front of it, the description would show the check
  // and not the object; so the list is shown to valibot as what it is not, too.
  const run = schema["~run"].bind(schema);
  const runNoList: typeof run = (dataset, config) =>
    run(Array.isArray(dataset.value) && dataset.value.length === 0 ? { value: null } : dataset, config);
  return Object.assign(schema, { "~run": runNoList });
}

/** Characters as JavaScript counts them (UTF-16 units), both ends included. */
export function text(limits: { min?: number; max: number }) {
  const { min = 0, max } = limits;
  return v.pipe(
    v.string("must be a text"),
    v.minLength(min, min === 1 ? "must not be empty" : `must have at least ${min} characters`),
    v.maxLength(max, `must have at most ${max} characters`),
  );
}

/** An id of Meta's or ours. Ids are text: as a number it may already have lost its last digits. */
export function idText(max = 256) {
  return v.pipe(
    v.string("must be a text: put the id in quotes"),
    v.regex(/^\S+$/, "must not be empty or contain spaces"),
    v.maxLength(max, `must have at most ${max} characters`),
  );
}

/** The id of something that is kept already, in a path. It is looked up as it is, whatever Meta has put into it. */
export const storedId = text({ min: 1, max: 2048 });

/** A whole number; both ends are included. */
export function whole(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** A point in time, or null. ms since the epoch; the lower bound (September 2001) catches seconds. */
export const timeMs = v.pipe(
  v.number("must be a time in milliseconds since the epoch"),
  v.integer("must be a time in whole milliseconds since the epoch"),
  v.minValue(1_000_000_000_000, "must be in milliseconds since the epoch; this looks like seconds: multiply by 1000"),
  v.maxValue(8_640_000_000_000_000, "is later than any date"),
);

export function oneOf<const T extends readonly [string, ...string[]]>(options: T) {
  return v.picklist(options, `must be one of ${options.join(", ")}`);
}

export const flag = v.boolean("must be true or false");

export function list<const S extends v.GenericSchema>(item: S, limits: { min?: number; max: number }) {
  const { min = 0, max } = limits;
  return v.pipe(
    v.array(item, "must be a list"),
    v.minLength(min, `must have at least ${min === 1 ? "one entry" : `${min} entries`}`),
    v.maxLength(max, `must have at most ${max} entries`),
  );
}

/** As deep as a template with buttons ever gets, several times over. Deeper JSON exists to exhaust the stack. */
const MAX_DEPTH = 24;

/** JSON that is passed on to Meta as it stands. */
export const passedOn = v.pipe(
  v.unknown(),
  v.check((value) => isShallow(value, MAX_DEPTH), `must not be nested deeper than ${MAX_DEPTH} levels`),
);

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
