/** JSON of the control routes. An invalid value throws a TypeError that names it. */

export type Json = Record<string, unknown>;

export const ok = (value: object): Response => Response.json(value);

export const fail = (status: number, message: string, detail: object = {}): Response =>
  Response.json({ error: { message, ...detail } }, { status });

export function object(value: unknown, name: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new TypeError(`${name} must be a JSON object`);
}

export function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new TypeError(`${name} is missing`);
}

/** A list of texts. */
export function texts(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} must be a list`);
  return value.map((item) => text(item, `a text in ${name}`));
}

export const optionalText = (body: Json, name: string): string | null =>
  body[name] === undefined || body[name] === null ? null : text(body[name], name);

export function number(body: Json, name: string): number {
  const value = body[name];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TypeError(`${name} must be a number`);
}

export function atLeastZero(body: Json, name: string): number {
  const value = number(body, name);
  if (value < 0) throw new TypeError(`${name} must be 0 or more`);
  return value;
}

/** A whole number from `least` to `most`. */
export function whole(body: Json, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = number(body, name);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new TypeError(`${name} must be a whole number ${range}`);
}

/** A share from 0 to 1. */
export function share(body: Json, name: string): number {
  const value = atLeastZero(body, name);
  if (value > 1) throw new TypeError(`${name} must be from 0 to 1`);
  return value;
}

export function truth(body: Json, name: string): boolean {
  const value = body[name];
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} must be true or false`);
}

export const optionalNumber = (body: Json, name: string): number | null =>
  body[name] === undefined ? null : number(body, name);

export function oneOf<const T extends string>(value: unknown, choices: readonly T[], name: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError(`${name} must be one of ${choices.join(", ")}`);
  return found;
}

/** Refuses unknown names, so that a typing error is not ignored. `what`: `setting`. */
export function onlyKnown(body: Json, known: readonly string[], what: string, prefix = ""): void {
  const wrong = Object.keys(body).find((name) => !known.includes(name));
  if (wrong !== undefined) throw new TypeError(`unknown ${what} ${prefix}${wrong}; known: ${known.join(", ")}`);
}

/** The most numbered records in one response; `?after=` requests the rest. Lists without numbers are never cut. */
const MAX_ITEMS = 10_000;

/**
 * The records that match the query by field name (`?accountId=…`), oldest first. Numbered records start after `?after=`.
 * `more`: there are more records.
 */
export function listQuery<T extends object>(
  records: Iterable<T>,
  query: URLSearchParams,
  numberOf: (record: T) => number | null,
): { items: T[]; more: boolean } {
  const after = Number(query.get("after") ?? 0);
  const wanted = [...query].filter(([name]) => name !== "after");
  const items: T[] = [];
  for (const record of records) {
    const position = numberOf(record);
    if (position !== null && position <= after) continue;
    if (!wanted.every(([name, value]) => String((record as Json)[name]) === value)) continue;
    if (position !== null && items.length === MAX_ITEMS) return { items, more: true };
    items.push(record);
  }
  return { items, more: false };
}
