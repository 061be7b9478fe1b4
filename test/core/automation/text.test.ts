import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteLength, fitText, lengthIn, type TextLimit } from "../../../src/core/automation/text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 80 });
const anyLimit: fc.Arbitrary<TextLimit> = fc.record({
  max: fc.nat({ max: 90 }),
  unit: fc.constantFrom("bytes", "characters"),
});

describe("the length of a text", () => {
  it("in bytes is its UTF-8 length, including lone surrogates", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "é", "漢", "👍", "\ud800", "\udc00") }), (text) => {
        expect(byteLength(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  it("in characters counts an emoji as two UTF-16 units", () => {
    expect(lengthIn("a👍", "characters")).toBe(3);
  });
});

describe("shortening a text", () => {
  it("does not change a text that fits", () => {
    expect(fitText("é".repeat(500), { max: 1000, unit: "bytes" })).toBe("é".repeat(500));
  });

  it("cuts to the limit in bytes, including the ellipsis", () => {
    const fitted = fitText("é".repeat(501), { max: 1000, unit: "bytes" });
    expect(fitted).toBe(`${"é".repeat(498)}…`);
    expect(byteLength(fitted)).toBe(999);
  });

  it("cuts to the limit in characters", () => {
    expect(fitText("a".repeat(2001), { max: 2000, unit: "characters" })).toBe(`${"a".repeat(1999)}…`);
  });

  it("never cuts inside an emoji, a flag or an accented letter", () => {
    expect(fitText("ab👩‍👩‍👧cd", { max: 12, unit: "bytes" })).toBe("ab…");
    expect(fitText("a🇩🇪b", { max: 8, unit: "bytes" })).toBe("a…");
    expect(fitText("ae\u0301bc", { max: 5, unit: "bytes" })).toBe("a…");
  });

  it("leaves no space before the ellipsis", () => {
    expect(fitText("hello world", { max: 9, unit: "bytes" })).toBe("hello…");
  });

  it("returns an empty text if not even the ellipsis fits", () => {
    expect(fitText("abc", { max: 2, unit: "bytes" })).toBe("");
  });

  it("for every text and limit: the result fits, is a prefix of the text, and is complete if the text fits", () => {
    fc.assert(
      fc.property(anyText, anyLimit, (text, limit) => {
        const fitted = fitText(text, limit);
        expect(lengthIn(fitted, limit.unit)).toBeLessThanOrEqual(limit.max);
        if (lengthIn(text, limit.unit) <= limit.max) expect(fitted).toBe(text);
        else if (fitted !== "") expect(text.startsWith(fitted.slice(0, -1))).toBe(true);
        if (text.isWellFormed()) expect(fitted.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
