/**
 * JSON as Meta's servers write it: ASCII only, every other character as `\uXXXX` in lower-case hex (surrogate pairs
 * included), `/` as `\/`, and `&` left as it is. The signature is made over exactly these bytes
 * (documentation: Messenger Platform, Webhooks, "Validating Payloads"; the escaped slash is seen in real deliveries).
 */

/** A bigint is written as a bare number: this is how ids with too many digits for JavaScript get onto the wire. */
export type WireValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly WireValue[]
  | { readonly [key: string]: WireValue | undefined };

/** Writes `value` in wire form. Properties whose value is `undefined` are left out, as in `JSON.stringify`. */
export function toWire(value: WireValue): string {
  return write(value);
}

/** The same JSON text in wire form, without reading it: digits of long numbers and the order of keys stay. */
export function escapeWire(json: string): string {
  return json.replace(BARE_SLASH, "$1\\/").replace(NOT_ASCII, unicodeEscape);
}

/** A slash that no backslash escapes: an even number of them stands for backslashes, not for an escape. */
const BARE_SLASH = /(?<!\\)((?:\\\\)*)\//g;
const NOT_ASCII = /[\u0080-\uffff]/g;
const unicodeEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

function write(value: WireValue): string {
  if (typeof value === "string") return writeString(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(write).join(",")}]`;
  const members: string[] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${writeString(key)}:${write(member)}`);
  }
  return `{${members.join(",")}}`;
}

const writeString = (text: string): string =>
  JSON.stringify(text).replaceAll("/", "\\/").replace(NOT_ASCII, unicodeEscape);

/** `Array.isArray` does not narrow read-only arrays. */
const isList = (value: WireValue): value is readonly WireValue[] => Array.isArray(value);
