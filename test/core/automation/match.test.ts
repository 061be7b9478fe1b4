// Words of many languages, partly without their accents.
// cspell:disable
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldText, matchesKeywords } from "../../../src/core/automation/match.ts";

const word = (text: string, ...keywords: string[]) => matchesKeywords(text, keywords, "word");

describe("a keyword as a whole word", () => {
  it.each([
    ["guide", "guide"],
    ["GUIDE please!", "guide"],
    ["please: Guide.", "GUIDE"],
    ["send the\tfree \n guide now", "free guide"],
    ["#guide", "guide"],
    ["guide's", "guide"],
    ["l'ebook", "ebook"],
    ["l’ebook", "l'ebook"],
    ["guide🔥", "guide"],
    ["🔥🔥🔥", "🔥"],
    ["me 👍🏽", "👍"],
    ["me 👍", "👍🏽"],
    ["I ❤️ it", "❤"],
    ["flag 🇩🇪🇫🇷", "🇫🇷"],
    ["I write c++ daily", "c++"],
    ["c++", "C++"],
    ["asp.net?", ".net"],
    ["100% me", "100%"],
    ["nai\u0308ve", "naïve"],
    ["ＬＩＮＫください", "link"],
    ["linkください", "link"],
    ["ガイドください", "ガイド"],
    ["ｶﾞｲﾄﾞ欲しい", "ガイド"],
    ["求链接谢谢", "链接"],
    ["ขอลิงก์หน่อย", "ลิงก์"],
    ["ខ្ញុំចង់បានតំណ", "តំណ"],
    ["LİNK", "link"],
    ["lınk", "LINK"],
    ["STRASSE", "straße"],
    ["ẞ", "ss"],
    ["ΟΔΟΣ", "οδος"],
    ["gu\u00ADide", "guide"],
    ["می\u200Cخواهم", "میخواهم"],
    ["안녕 링크 주세요", "링크"],
    ["PREÇO?", "preco"],
    ["preco", "preço"],
    ["ÍNDICE", "indice"],
    ["quero informação", "informacao"],
    ["¿CUÁL es el precio?", "cual"],
    ["guía por favor", "guia"],
    ["si", "sí"],
    ["für mich bitte, fur", "für"],
    ["e\u0316", "e"],
    ["đẹp quá", "dep"],
    ["ŁÓDŹ", "lodz"],
    ["KØB", "kob"],
    ["ΟΔΗΓΌΣ", "οδηγος"],
    ["أحمد", "احمد"],
    ["ٱلكتاب", "الكتاب"],
    ["كِتَاب", "كتاب"],
    ["كتـــاب", "كتاب"],
    ["على", "علي"],
    ["סָפָר", "ספר"],
    ["Ｇｕíｄｅ", "guide"],
    ["yes.guide please", "guide"],
    ["@shop guide", "guide"],
    ["@guide.shop guide", "guide"],
    ["@shop, guide!", "guide"],
    ["@ guide", "guide"],
    ["@guide.shop", "@guide.shop"],
    ["see https://shop.example/guide", "shop.example"],
    ["www. guide", "guide"],
    ["and/or guide", "guide"],
    ["guide/book", "guide"],
  ])("is found in %j: %j", (text, keyword) => {
    expect(word(text, keyword)).toBe(true);
  });

  it.each([
    ["guidebook", "guide"],
    ["misguided", "guide"],
    ["guide2", "guide"],
    ["my_guide", "guide"],
    ["guide_", "guide"],
    ["gui de", "guide"],
    ["freeguide", "free guide"],
    ["c", "c++"],
    ["asc++", "c++"],
    ["が", "か"],
    ["か", "が"],
    ["ｶﾞ", "カ"],
    ["й", "и"],
    ["ё", "е"],
    ["@guide.shop nice", "guide"],
    ["@guide", "guide"],
    ["@the.guide", "guide"],
    ["(@guide-shop)", "guide"],
    ["mail guide@shop.example", "guide"],
    ["me@guide.example", "guide"],
    ["see https://shop.example/guide", "guide"],
    ["HTTP://GUIDE.EXAMPLE", "guide"],
    ["www.guide.example", "guide"],
    ["bit.example/guide?x=1", "guide"],
    ["👩‍👩‍👧", "👩"],
    ["👩‍👩‍👧", "👧"],
    ["🇩🇪🇫🇷", "🇪🇫"],
    ["1️⃣", "1"],
    ["링크주세요", "링크"],
    ["", "guide"],
  ])("is not found in %j: %j", (text, keyword) => {
    expect(word(text, keyword)).toBe(false);
  });

  it("is found after a place where it is only part of a word", () => {
    expect(word("guidebook or guide", "guide")).toBe(true);
  });

  it("is found if any one of several keywords matches", () => {
    expect(word("the link", "guide", "link")).toBe(true);
    expect(word("the book", "guide", "link")).toBe(false);
  });
});

describe("the other match modes", () => {
  it("contains: finds a keyword inside a word", () => {
    expect(matchesKeywords("MISGUIDED", ["guide"], "contains")).toBe(true);
    expect(matchesKeywords("링크주세요", ["링크"], "contains")).toBe(true);
    expect(matchesKeywords("gu ide", ["guide"], "contains")).toBe(false);
  });

  it("exact: allows only white space around the keyword", () => {
    expect(matchesKeywords("  Guide \n", ["guide"], "exact")).toBe(true);
    expect(matchesKeywords("guide!", ["guide"], "exact")).toBe(false);
    expect(matchesKeywords("the guide", ["guide"], "exact")).toBe(false);
  });

  it("any: needs neither keyword nor text", () => {
    expect(matchesKeywords(null, [], "any")).toBe(true);
    expect(matchesKeywords("", ["guide"], "any")).toBe(true);
  });

  it.each(["word", "contains", "exact"] as const)("%s: an event without text never matches", (match) => {
    expect(matchesKeywords(null, ["guide", ""], match)).toBe(false);
  });

  it.each(["word", "contains", "exact"] as const)("%s: an invisible keyword never matches", (match) => {
    expect(matchesKeywords("guide", ["", "  ", "\u2060", "🏽"], match)).toBe(false);
    expect(matchesKeywords("", [""], match)).toBe(false);
  });
});

const letters = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz".split("")),
  minLength: 1,
  maxLength: 12,
});
const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("folding", () => {
  it("is the same for any case and Unicode form, and is idempotent", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldText(text);
        expect(foldText(folded)).toBe(folded);
        expect(foldText(text.normalize("NFD"))).toBe(foldText(text.normalize("NFC")));
      }),
      { numRuns: 500 },
    );
  });

  it("maps the upper and lower case of every character to the same form", () => {
    for (let codePoint = 0; codePoint <= 0x1ffff; codePoint++) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const character = String.fromCodePoint(codePoint);
      const folded = foldText(character);
      if (foldText(character.toUpperCase()) !== folded || foldText(character.toLowerCase()) !== folded) {
        expect.fail(`U+${codePoint.toString(16)} folds differently by case`);
      }
    }
  });

  it("ignores accents where people leave them out, and keeps marks that make another letter", () => {
    expect(foldText("sí")).toBe("si");
    expect(foldText("が")).not.toBe(foldText("か"));
    expect(foldText("Й")).toBe("й");
  });

  it("is idempotent for every character", () => {
    for (let codePoint = 0; codePoint <= 0x1ffff; codePoint++) {
      if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
      const folded = foldText(String.fromCodePoint(codePoint));
      if (foldText(folded) !== folded) expect.fail(`U+${codePoint.toString(16)} is folded further the second time`);
    }
  });

  it("is the same for plain text with and without a character that takes the long way", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => {
        expect(foldText(`${text}字`)).toBe(foldText(`${text}.`).slice(0, -1) + "字");
      }),
    );
  });

  it("takes time in proportion to the length of a text full of names", () => {
    for (const part of ["a.", "a@", "@a.", "www.", "a-", "http://", "@guide "]) {
      const text = part.repeat(20_000);
      const start = performance.now();
      matchesKeywords(`${text} book`, ["guide", "book"], "word");
      expect(performance.now() - start, part).toBeLessThan(1_000);
    }
  });
});

describe("for every text and keyword", () => {
  it("a word between spaces is found in any case, and not with letters attached to it", () => {
    fc.assert(
      fc.property(letters, letters, letters, (before, keyword, after) => {
        expect(word(`${before} ${keyword.toUpperCase()} ${after}`, keyword)).toBe(true);
        expect(word(`${before}${keyword}${after}`, keyword)).toBe(false);
      }),
    );
  });

  it("exact implies word, and word implies contains", () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (before, keyword, after) => {
        for (const text of [keyword, before + keyword, keyword + after, `${before} ${keyword} ${after}`]) {
          const by = (match: "exact" | "word" | "contains") => matchesKeywords(text, [keyword], match);
          if (by("exact")) expect(by("word")).toBe(true);
          if (by("word")) expect(by("contains")).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
