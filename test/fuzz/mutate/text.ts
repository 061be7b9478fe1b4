/** Mutations of texts and of their encoding. */
import { type JsonNode, placesOf, token } from "../json-tree.ts";
import type { Random } from "../random.ts";

/** Content between quotes: valid, then invalid. */
const TEXTS = [
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\uD83D\\uDE4F"',
  '"\\u0000"',
  '"\u2028\u2029"',
  '"\ufeff"',
  '"\\/\\b\\f\\n\\r\\t\\"\\\\"',
  '"\\\\"',
  '"\\\\\\\\\\\\\\""',
  '"\u202e\u200d\u0301"',
  '"👩‍👩‍👧‍👦 ｅ́ ﷺ"',
  '"],\\"}]{[,:"',
  // Invalid JSON from here on.
  '"\\x41"',
  '"\\u12"',
  '"\u0001"',
  '"\n"',
  "'single'",
  '"',
  '"\\',
] as const;

export function mutateTexts(root: JsonNode, random: Random): JsonNode {
  const texts = placesOf(root).filter(({ node }) => node.type === "token" && node.text.startsWith('"'));
  for (let n = random.int(1, 3); n > 0; n--) random.pick(texts)?.replace(token(random.pick(TEXTS)));
  return root;
}

/** Meta's wire form: ASCII, lower-case hexadecimal, every slash escaped. */
export const wireForm = (text: string): string =>
  text
    .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replaceAll(/(?<!\\)\//g, "\\/");

/** Bytes that are invalid in UTF-8, and unusual valid ones. */
const BYTES: readonly (readonly number[])[] = [
  [0xc0, 0x80],
  [0xe0, 0x80, 0x80],
  [0xed, 0xa0, 0x80],
  [0xed, 0xb0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
  [0xff],
  [0xfe, 0xff],
  [0x80],
  [0xc3],
  [0xe2, 0x82],
  [0x00],
  [0x0b],
  [0x7f],
  [0xef, 0xbb, 0xbf],
  [0xe2, 0x80, 0xa8],
  [0xc2, 0xa0],
];

/** The text as bytes in an encoding other than valid UTF-8. */
export function mutateEncoding(text: string, random: Random): Buffer {
  const utf8 = Buffer.from(text);
  switch (random.int(0, 7)) {
    case 0:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8]);
    case 1:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), utf8]);
    case 2:
      return Buffer.from(text, "utf16le");
    case 3:
      return Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, "utf16le").swap16()]);
    case 4:
      return Buffer.from(text, "latin1");
    default: {
      const at = random.int(0, utf8.length);
      return Buffer.concat([utf8.subarray(0, at), Buffer.from(random.pick(BYTES) ?? []), utf8.subarray(at)]);
    }
  }
}
