/**
 * Parses JSON from Meta without losing digits of ids.
 *
 * Ids have 15 to 18 digits. Meta sends most of them as strings, but some as numbers (`app_id` in echoes,
 * `reel_video_id`, all ids of some test tools). `JSON.parse` turns 17841405822304915 into …916. So a number that a
 * double cannot represent is replaced by its digits as text. Ids are text everywhere in this code.
 *
 * Parsed objects are not copied or merged, so a `__proto__` key stays what `JSON.parse` makes of it: an own property
 * that is never read.
 */

export interface JsonObject {
  readonly [key: string]: unknown;
}

/** A number of 16 digits or more. A match inside a string only costs time; the result stays correct. */
const LONG_NUMBER = /(?:^|[:,[])\s*-?\d{16}/;
const INTEGER = /^-?\d+$/;

/** Whether `parseJson` must check every value of this text. If false, plain `JSON.parse` gives the same result. */
export const hasLongNumber = (text: string): boolean => LONG_NUMBER.test(text);

/**
 * Parses JSON; integers beyond ±(2^53 − 1) come back as text, digit for digit.
 * The reviver is several times slower than plain parsing, so it runs only when the text holds such a number.
 * @throws SyntaxError when the text is not JSON
 */
export const parseJson = (text: string): unknown => (hasLongNumber(text) ? parseLongNumbers(text) : JSON.parse(text));

/** `parseJson` for a text that is known to contain long numbers. */
export const parseLongNumbers = (text: string): unknown =>
  // TypeScript's library does not know the third argument yet (ECMAScript proposal "JSON.parse source text access").
  JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);

function keepDigits(_key: string, value: unknown, context: { source: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && INTEGER.test(context.source)
    ? context.source
    : value;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const at = (of: unknown, key: string): unknown => (isObject(of) ? of[key] : undefined);

export function objectAt(of: unknown, key: string): JsonObject | null {
  const value = at(of, key);
  return isObject(value) ? value : null;
}

/** Empty if there is no list. */
export function listAt(of: unknown, key: string): readonly unknown[] {
  const value = at(of, key);
  return Array.isArray(value) ? value : [];
}

export function textAt(of: unknown, key: string): string | null {
  const value = at(of, key);
  return typeof value === "string" ? value : null;
}

/** An id as text, from a string or a number; null if there is none. */
export const idAt = (of: unknown, key: string): string | null => toId(at(of, key));

/** A string unchanged; a number as its digits, if a double can represent it. An empty string is not an id. */
export function toId(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  return Number.isSafeInteger(value) ? String(value) : null;
}

/** A number, also if Meta quotes it (`"num_edit": "1"`). */
export function numberAt(of: unknown, key: string): number | null {
  const value = at(of, key);
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : null;
}

/** True for `true`, `1` and `"true"`, because Meta uses all three. */
export function flagAt(of: unknown, key: string): boolean {
  const value = at(of, key);
  return value === true || value === 1 || value === "true";
}

/** A time in ms since the epoch. */
export const timeAt = (of: unknown, key: string): number | null => toMs(numberAt(of, key));

/**
 * Meta uses seconds in `changes` and milliseconds in `messaging`, and sometimes one inside the other. So the size
 * decides: below 1e11 it is seconds (1e11 s is in the year 5138, 1e11 ms is in 1973).
 */
export function toMs(value: number | null): number | null {
  if (value === null || value <= 0 || value > MAX_TIME_MS) return null;
  return Math.trunc(value < 1e11 ? value * 1000 : value);
}

/** The maximum time of a JavaScript `Date`. */
const MAX_TIME_MS = 8.64e15;
