/**
 * Building blocks of the schemas. Each message says how to fix the value. The path of the field is put before it
 * (`issues.ts`).
 */
import * as v from "valibot";

/** An object with only these keys. A misspelled key is an error and is not ignored. */
export function strictObject<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(", ");
  return v.strictObject(entries, (issue) => {
    if (issue.expected === "never") return `is not a known key; known keys: ${known}`;
    return issue.expected?.startsWith('"') ? "is required" : notAnObject(known);
  });
}

/** @param known the keys of the object, comma separated */
export const notAnObject = (known: string): string => `must be an object with ${known}`;

/** A string. Lengths are in UTF-16 units, both limits included. */
export function string(limits: { min?: number; max: number }) {
  const { min = 0, max } = limits;
  return v.pipe(
    v.string("must be a string"),
    v.minLength(min, min === 1 ? "must not be empty" : `must have at least ${min} characters`),
    v.maxLength(max, `must have at most ${max} characters`),
  );
}

/** An id from Meta or from us. Ids are strings: a number may already have lost its last digits. */
export function idText(max = 256) {
  return v.pipe(
    v.string("must be a string: put the id in quotes"),
    v.regex(/^\S+$/, "must not be empty or contain spaces"),
    v.maxLength(max, `must have at most ${max} characters`),
  );
}

/** The id of a stored item, in a path. It is looked up unchanged, whatever characters Meta has used. */
export const storedId = string({ min: 1, max: 2048 });

/** A whole number, both limits included. */
export function integer(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** A time in ms since the epoch. The lower limit (September 2001) detects seconds. */
export const timeMs = v.pipe(
  v.number("must be a time in milliseconds since the epoch"),
  v.integer("must be a time in whole milliseconds since the epoch"),
  v.minValue(1_000_000_000_000, "must be in milliseconds since the epoch; this looks like seconds: multiply by 1000"),
  v.maxValue(8_640_000_000_000_000, "must not be later than the latest date in JavaScript (8640000000000000)"),
);

export function picklist<const T extends readonly [string, ...string[]]>(options: T) {
  return v.picklist(options, `must be one of ${options.join(", ")}`);
}

export const boolean = v.boolean("must be true or false");

export function array<const S extends v.GenericSchema>(item: S, limits: { min?: number; max: number }) {
  const { min = 0, max } = limits;
  return v.pipe(
    v.array(item, "must be an array"),
    v.minLength(min, `must have at least ${min === 1 ? "one entry" : `${min} entries`}`),
    v.maxLength(max, `must have at most ${max} entries`),
  );
}

/** Several times deeper than a template with buttons. Deeper JSON only serves to exhaust the stack. */
const MAX_DEPTH = 24;

/** JSON that is sent to Meta unchanged. */
export const passedOn = v.pipe(
  v.unknown(),
  v.check((value) => isShallow(value, MAX_DEPTH), `must not be nested deeper than ${MAX_DEPTH} levels`),
);

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

const once = v.string("must be given once");

/** A whole number in a query string. */
export function numberText(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(
    once,
    v.regex(/^[0-9]{1,9}$/, message),
    v.transform(Number),
    v.number(),
    v.integer(),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

/** A text in a query string. */
export const textOnce = (max: number) => v.pipe(once, v.maxLength(max, `must have at most ${max} characters`));

/** `true` or `false` in a query string. */
export const flagText = v.pipe(
  v.picklist(["true", "false"], "must be true or false"),
  v.transform((text) => text === "true"),
  v.boolean(),
);

/** The query parameters of every list. */
export const pageEntries = {
  cursor: v.exactOptional(v.pipe(once, v.description("`nextCursor` of the previous page."))),
  limit: v.optional(v.pipe(numberText(1, MAX_LIMIT), v.description("Items per page.")), String(DEFAULT_LIMIT)),
};

export interface Page<T> {
  items: T[];
  /** Opaque. Pass it as `cursor` for the next page. Null: no more pages. */
  nextCursor: string | null;
}

/** A page of a list. */
export function pageOf<const S extends v.GenericSchema>(item: S) {
  return v.object({
    items: v.array(item),
    nextCursor: v.pipe(
      v.nullable(v.string()),
      v.description("Pass it as `cursor` for the next page. Null: no more pages."),
    ),
  });
}

/** Converts keys to the path of a valibot issue, for our own checks inside a value. */
export function issuePath(value: unknown, keys: readonly (string | number)[]): [v.IssuePathItem, ...v.IssuePathItem[]] {
  let input = value;
  const items = keys.map((key): v.IssuePathItem => {
    const within = input;
    input = (within as Record<string | number, unknown> | undefined)?.[key];
    return typeof key === "number"
      ? { type: "array", origin: "value", input: within as unknown[], key, value: input }
      : { type: "object", origin: "value", input: within as Record<string, unknown>, key, value: input };
  });
  const [first, ...others] = items;
  if (first === undefined) throw new Error("an issue inside a value has a key");
  return [first, ...others];
}
