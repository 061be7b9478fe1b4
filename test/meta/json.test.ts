import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  flagAt,
  hasLongNumber,
  idAt,
  isObject,
  numberAt,
  parseJson,
  textAt,
  timeAt,
  toMs,
} from "../../src/meta/json.ts";

fc.configureGlobal({ seed: 20261120 });

describe("parseJson", () => {
  it("keeps the digits of an id that Meta prints as a number", () => {
    expect(parseJson('{"id":17841405822304915}')).toEqual({ id: "17841405822304915" });
  });

  it.each([
    ['{"id":9007199254740991}', 9007199254740991],
    ['{"id":9007199254740992}', "9007199254740992"],
    ['{"id":-17841405822304915}', "-17841405822304915"],
    ['{"id" : \n 120214567890123457}', "120214567890123457"],
    ['{"id":[120214567890123457]}', ["120214567890123457"]],
    ['{"id":1795165200771}', 1795165200771],
    ['{"id":1e21}', 1e21],
    ['{"id":59.912712345678901234}', 59.9127123456789],
  ])("reads %s", (text, id) => {
    expect(parseJson(text)).toEqual({ id });
  });

  it("keeps the digits of a bare number", () => {
    expect(parseJson("17841405822304915")).toBe("17841405822304915");
  });

  it("never loses a digit of an integer, wherever it stands", () => {
    const integer = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(integer, fc.constantFrom("", " ", "\n\t "), fc.boolean(), (id, space, negative) => {
        const digits = `${negative && id !== 0n ? "-" : ""}${id}`;
        const parsed = parseJson(`{"a":[${space}${digits}${space},{"b":${space}${digits}}]}`);
        const [first, second] = (parsed as { a: [unknown, { b: unknown }] }).a;
        expect([String(first), String(second.b)]).toEqual([digits, digits]);
      }),
    );
  });

  it("gives what JSON.parse gives where no number is too long", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!hasLongNumber(text));
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("leaves texts that look like long numbers as they are", () => {
    const text = '{"text":"call 1: 12345678901234567","id":12345678901234567}';
    expect(parseJson(text)).toEqual({ text: "call 1: 12345678901234567", id: "12345678901234567" });
  });

  it("does not look at every value when ids are strings, as they mostly are", () => {
    expect(hasLongNumber('{"id":"17841405822304915","time":1795165200771}')).toBe(false);
  });

  it("makes nothing but an own property of __proto__", () => {
    const parsed = parseJson('{"__proto__":{"id":"1"},"n":17841405822304915}');
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
    expect(idAt(parsed, "id")).toBeNull();
    expect(({} as { id?: string }).id).toBeUndefined();
  });
});

describe("members", () => {
  it.each([
    ["17841405822304915", "17841405822304915"],
    [1045872930164827, "1045872930164827"],
    [0, "0"],
    ["", null],
    [1.5, null],
    [2 ** 53, null],
    [true, null],
    [null, null],
    [{}, null],
    [undefined, null],
  ])("reads the id %j as %j", (value, id) => {
    expect(idAt({ id: value }, "id")).toBe(id);
  });

  it("finds nothing in what is no object", () => {
    for (const value of [null, undefined, "text", 1, ["a"]]) {
      expect(isObject(value)).toBe(false);
      expect([idAt(value, "length"), textAt(value, "length"), numberAt(value, "length")]).toEqual([null, null, null]);
    }
  });

  it.each([
    [1, 1],
    ["1", 1],
    ["0", 0],
    [" ", null],
    ["one", null],
    [Number.NaN, null],
    [null, null],
  ])("reads the number %j as %j", (value, number) => {
    expect(numberAt({ n: value }, "n")).toBe(number);
  });

  it.each([
    [true, true],
    ["true", true],
    [1, true],
    [false, false],
    ["false", false],
    [0, false],
    [undefined, false],
  ])("reads the flag %j as %j", (value, flag) => {
    expect(flagAt({ f: value }, "f")).toBe(flag);
  });
});

describe("times", () => {
  it.each([
    ["seconds", 1795165202, 1795165202000],
    ["milliseconds", 1795165200771, 1795165200771],
    ["quoted seconds", "1795165200", 1795165200000],
    ["quoted milliseconds", "1795165200318", 1795165200318],
    ["fractions of a second", 1795165200.5, 1795165200500],
    ["zero", 0, null],
    ["a negative time", -5, null],
    ["more than a Date can hold", 8.64e15 + 1, null],
    ["a word", "now", null],
  ])("reads %s", (_, value, ms) => {
    expect(timeAt({ t: value }, "t")).toBe(ms);
  });

  it("draws the line between seconds and milliseconds at 1e11", () => {
    expect([toMs(99_999_999_999), toMs(100_000_000_000)]).toEqual([99_999_999_999_000, 100_000_000_000]);
  });
});
