/**
 * JSON as Meta's servers write it: ASCII only, every other character as `\uXXXX` in lower-case hex (surrogate pairs
 * included), `/` as `\/`, and `&` left as it is. The signature is made over exactly these bytes
 * (documentation: Messenger Platform, Webhooks, "Validating Payloads"; the escaped slash is seen in real deliveries).
 */

/** A bigint is written as a bare number, for ids with more digits than a JavaScript number holds. */
export type WireValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly WireValue[]
  | { readonly [key: string]: WireValue | undefined };

/** Writes `value` in wire format. Properties whose value is `undefined` are left out, as in `JSON.stringify`. */
export function toWire(value: WireValue): string {
  return write(value);
}

/** Turns JSON text into wire format without parsing it, so long numbers keep their digits. */
export function escapeWire(json: string): string {
  return json.replace(BARE_SLASH, "$1\\/").replace(NOT_ASCII, unicodeEscape);
}

/** A slash that is not escaped: an even number of backslashes before it escapes only backslashes. */
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
