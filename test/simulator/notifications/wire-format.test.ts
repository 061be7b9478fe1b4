import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseKeepingDigits } from "../../../src/simulator/graph/apply-notification.ts";
import { escapeWire, toWire } from "../../../src/simulator/notifications/wire-format.ts";
import type { WireValue } from "../../../src/simulator/notifications/wire-format.ts";

const wireSample = readFileSync(
  new URL("../../payloads/instagram.messages.wire_escaped.json", import.meta.url),
  "utf8",
);
/** From the payload folder's README: the HMAC of exactly that file. */
const SECRET = "test_app_secret_not_real";
const SIGNATURE = "39e8403ab55293e1b346e3b817b1416cfa8219fa722217febd1a1f228a664ae7";
const hmac = (text: string): string => createHmac("sha256", SECRET).update(text).digest("hex");

test("the sample in wire form, read and written again, is the same bytes", () => {
  const written = toWire(JSON.parse(wireSample) as WireValue);
  expect(written).toBe(wireSample);
  expect(hmac(written)).toBe(SIGNATURE);
});

test("JSON in plain form becomes wire form without being read", () => {
  const plain = JSON.stringify(JSON.parse(wireSample));
  expect(plain).not.toBe(wireSample);
  expect(escapeWire(plain)).toBe(wireSample);
});

test("what is in wire form already stays as it is", () => {
  expect(escapeWire(wireSample)).toBe(wireSample);
});

test("an escaped backslash before a slash does not escape the slash", () => {
  const text = "a\\/b"; // a, backslash, slash, b
  expect(JSON.parse(escapeWire(JSON.stringify(text)))).toBe(text);
  expect(escapeWire(JSON.stringify(text))).toBe(String.raw`"a\\\/b"`);
});

test("characters outside the basic plane are two escapes in lower-case hex", () => {
  expect(toWire("🙏Ü&")).toBe(String.raw`"\ud83d\ude4f\u00dc&"`);
});

test("a bigint is written as a bare number with all its digits, and read as text", () => {
  const text = toWire({ id: 17841405822304915n });
  expect(text).toBe('{"id":17841405822304915}');
  expect(parseKeepingDigits(text)).toEqual({ id: "17841405822304915" });
});

test("properties that are undefined are left out", () => {
  expect(toWire({ a: undefined, b: [null, false, 1.5] })).toBe('{"b":[null,false,1.5]}');
});
