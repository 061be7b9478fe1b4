/**
 * Matches keywords against the text of a comment or message.
 *
 * Both sides are folded before the comparison: compatibility forms, case, emoji skin tones and invisible characters are
 * ignored; accents are not (`sí` is not `si`). Word boundaries depend on the script, not on a dictionary: the word
 * lists of `Intl.Segmenter` differ between runtimes, and the same comment must give the same result everywhere. Only
 * its grapheme rules are used, which are an algorithm (Unicode Standard Annex 29).
 */
import type { Match } from "./automation.ts";

/** Invisible characters, except two kinds that combine emoji: the zero-width joiner and the tags of flags. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}--\u200B--\u200D--[\u{E0020}-\u{E007F}]]/gv;
const SKIN_TONE = /\p{Emoji_Modifier}/gu;
/** U+200B marks a word boundary in scripts without spaces, so it is replaced by a space. */
const SPACE = /[\s\u200B]+/gu;
const APOSTROPHE = /[\u2018\u2019\u02BC]/gu;
/** `I`, `ı`, `i` and `İ` are treated as one letter: a comment does not say whether its language is Turkish. */
const DOTTED_I = /i\u0307/gu;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}\p{Pc}]/u;
/** Scripts without spaces between words: any character can begin or end a word. */
const SPACELESS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u;

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The form in which texts and keywords are compared. */
export function foldText(text: string): string {
  const plain = text.normalize("NFKC").replace(INVISIBLE, "").replace(SKIN_TONE, "").replace(APOSTROPHE, "'");
  // First to upper case, then to lower case: upper case maps ß to SS and ı to I, lower case maps ẞ to ß.
  const cased = plain.toLowerCase().toUpperCase().toLowerCase();
  // ς is σ at the end of a word.
  const folded = cased.normalize("NFKC").replace(DOTTED_I, "i").replaceAll("ς", "σ");
  return folded.replace(SPACE, " ").trim();
}

/**
 * Whether the text contains one of the keywords.
 *
 * `word`: the keyword has word boundaries on both sides. It may have several words, an emoji or signs (`c++`). In
 * scripts without spaces (Chinese, Japanese, Thai …) it may be anywhere. `contains`: anywhere, also inside words.
 * `exact`: it is the whole text. `any`: always, even without text.
 *
 * @param text null: the event has no text, so only `any` matches
 */
export function matchesKeywords(text: string | null, keywords: readonly string[], match: Match): boolean {
  if (match === "any") return true;
  if (text === null) return false;
  return matchesFolded(foldText(text), keywords, match);
}

/** The same for a text that is already folded, so that many automations can share one folded text. */
export function matchesFolded(folded: string, keywords: readonly string[], match: Match): boolean {
  if (match === "any") return true;
  return keywords.some((keyword) => {
    const wanted = foldText(keyword);
    // A keyword of invisible characters only would match every text.
    if (wanted === "") return false;
    switch (match) {
      case "word":
        return hasWord(folded, wanted);
      case "contains":
        return folded.includes(wanted);
      case "exact":
        return folded === wanted;
    }
  });
}

function hasWord(text: string, wanted: string): boolean {
  let graphemes: Intl.Segments | undefined;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (!isWordBorder(text, at) || !isWordBorder(text, end)) continue;
    graphemes ??= GRAPHEMES.segment(text);
    // Not inside one visible character: 👩 is not a word in 👩‍👩‍👧.
    if (isGraphemeBorder(graphemes, text, at) && isGraphemeBorder(graphemes, text, end)) return true;
  }
  return false;
}

function isWordBorder(text: string, at: number): boolean {
  if (at === 0 || at === text.length) return true;
  const before = characterBefore(text, at);
  const after = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (!WORD_CHARACTER.test(before) || !WORD_CHARACTER.test(after)) return true;
  return SPACELESS.test(before) || SPACELESS.test(after);
}

function characterBefore(text: string, at: number): string {
  const low = text.charCodeAt(at - 1);
  const isLowSurrogate = low >= 0xdc00 && low <= 0xdfff;
  return text.slice(isLowSurrogate ? at - 2 : at - 1, at);
}

function isGraphemeBorder(graphemes: Intl.Segments, text: string, at: number): boolean {
  return at === text.length || graphemes.containing(at)?.index === at;
}
