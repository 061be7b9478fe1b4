/** Mutations of single values: wrong types and invalid ids. */
import { type JsonNode, type Place, placesOf, textToken, token } from "../json-tree.ts";
import type { Random } from "../random.ts";

const ODD_VALUES = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1",
  "1e400",
  "-1e400",
  "1.5",
  '""',
  '" "',
  '"null"',
  '"undefined"',
  '"true"',
  "[]",
  "{}",
  "[[]]",
  "[null]",
  "[{}]",
  '{"id":{}}',
  '{"0":1,"length":3}',
  '[1,"a",null,{},[]]',
  '"[object Object]"',
] as const;

/** Keys where a wrong type is most likely to cause a bug. */
const LOAD_BEARING = new Set(
  "object entry id time changes messaging standby changed_fields field value sender recipient message mid from media text".split(
    " ",
  ),
);

export function mutateTypes(root: JsonNode, random: Random): JsonNode {
  for (let n = random.int(1, 3); n > 0; n--) {
    const places = placesOf(root);
    const hot = places.filter(({ name }) => LOAD_BEARING.has(name));
    const place = random.pick(random.chance(0.7) && hot.length > 0 ? hot : places);
    if (place === undefined) return token(random.pick(ODD_VALUES));
    place.replace(token(random.pick(ODD_VALUES)));
  }
  return root;
}

const DIGITS = "17841405822304915";

const NUMBERS = [
  DIGITS,
  `-${DIGITS}`,
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "178414058223049150000",
  "0",
  "-0",
  "-1",
  "1e3",
  "1E+17",
  "1.7841405822304915e16",
  "17841405822304915.0",
  "17841405822304915e0",
  "0.1",
  "1e-7",
  "1e400",
] as const;

/** Invalid JSON that some programs produce. */
const BROKEN_NUMBERS = [
  "017841405822304915",
  "+1",
  ".5",
  "1.",
  "0x10",
  "NaN",
  "Infinity",
  "1_000",
  "--1",
  "1e",
  "１",
] as const;

const ODD_TEXTS = [
  DIGITS,
  "0",
  "",
  " ",
  "a:b",
  ":",
  "~0041",
  "~sha256-",
  "../../etc/passwd",
  ".",
  "..",
  "%00",
  "\u0000",
  "undefined",
  "__proto__",
  "constructor",
  "id with spaces",
  "ид",
  "🙏",
  "\u2028",
  "<script>",
  "' OR 1=1 --",
  "17841405822304915\n",
] as const;

const ID_NAME = /(?:^|_)(?:id|mid|mids|time|timestamp|watermark|ref)$|^num_edit$|^verb$|^item$|^object$|^field$/;

export function mutateIds(root: JsonNode, random: Random): JsonNode {
  const ids = placesOf(root).filter(({ name, node }) => node.type === "token" && ID_NAME.test(name));
  for (let n = Math.min(ids.length, random.int(1, 4)); n > 0; n--) random.pick(ids)?.replace(oddId(random));
  return root;
}

function oddId(random: Random): JsonNode {
  switch (random.weighted({ number: 5, digits: 2, broken: 1, text: 4, long: 2 })) {
    case "number":
      return token(random.pick(NUMBERS));
    case "digits":
      return token(randomDigits(random, random.int(15, 60)));
    case "broken":
      return token(random.pick(BROKEN_NUMBERS));
    case "text":
      return textToken(random.pick(ODD_TEXTS));
    case "long":
      return textToken(random.pick(["9", "a", "é", "~", "\u0000"] as const).repeat(random.int(60, 700)));
  }
}

function randomDigits(random: Random, length: number): string {
  let digits = String(random.int(1, 9));
  while (digits.length < length) digits += String(random.int(0, 9));
  return digits;
}

/** Replaces every text of a person with one that must not appear in a log. */
export function plantCanary(root: JsonNode, canary: string): JsonNode {
  const texts = placesOf(root).filter(({ name, node }) => PERSONAL.has(name) && isText(node));
  for (const place of texts) place.replace(textToken(`${canary} guide please`));
  return root;
}

const PERSONAL: ReadonlySet<string> = new Set(["text", "message", "username", "title", "payload", "name"]);
const isText = (node: Place["node"]): boolean => node.type === "token" && node.text.startsWith('"');
