/** What every list takes and gives. */
import * as v from "valibot";

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
  cursor: v.exactOptional(v.pipe(once, v.description("`nextCursor` of the page before."))),
  limit: v.optional(v.pipe(numberText(1, MAX_LIMIT), v.description("Items on a page.")), String(DEFAULT_LIMIT)),
};

/** A page of a list. */
export function pageOf<const S extends v.GenericSchema>(item: S) {
  return v.object({
    items: v.array(item),
    nextCursor: v.pipe(v.nullable(v.string()), v.description("Pass it as `cursor` for the next page. Null: the end.")),
  });
}
