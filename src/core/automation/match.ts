/**
 * Matches keywords against the text of a comment or message.
 *
 * Both sides are folded before the comparison: compatibility forms, case, emoji skin tones, invisible characters, and
 * accents where a keyboard leaves them out (`sí` is `si`). Word boundaries depend on the script, not on a dictionary: the word
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
/**
 * Accents and vowel points that people leave out when they type: on Latin, Greek, Arabic and Hebrew letters. Elsewhere a
 * mark makes another letter: `が` is not `か`, `й` is not `и`.
 */
const OPTIONAL_MARKS = /([\p{sc=Latin}\p{sc=Greek}\p{sc=Arabic}\p{sc=Hebrew}])\p{Mn}+/gu;
/** Letters that Unicode does not take apart, and the forms in which they are typed. U+0640 only stretches a word. */
const TYPED_AS: ReadonlyMap<string, string> = new Map([
  ["ø", "o"],
  ["đ", "d"],
  ["ł", "l"],
  ["ٱ", "ا"],
  ["ى", "ي"],
  ["ـ", ""],
]);
const TYPED_OTHERWISE = new RegExp(`[${[...TYPED_AS.keys()].join("")}]`, "gu");
/** Folded by case and white space alone. Most texts and keywords are, and the long way costs ten times as much. */
const PLAIN = /^[\x20-\x7E]*$/;
/**
 * Mention tags and addresses, in folded text: a word inside them is not something that the person says. A bare `a.b` is
 * not one of them, because many people write no space after a full stop.
 */
const NAMES =
  /https?:\/\/\S+|(?<![a-z0-9.-])(?:www\.\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)+\/\S*)|(?<![a-z0-9._%+-])[a-z0-9._%+-]*@[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?/g;
/** A keyword with one of these may itself be a tag or an address. */
const NAME_CHARACTER = /[@./]/;
/** `I`, `ı`, `i` and `İ` are treated as one letter: a comment does not say whether its language is Turkish. */
const DOTTED_I = /i\u0307/gu;

const WORD_CHARACTER = /[\p{L}\p{N}\p{M}\p{Pc}]/u;
/** Scripts without spaces between words: any character can begin or end a word. */
const SPACELESS =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}\p{scx=Tibetan}]/u;

const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

/** The form in which texts and keywords are compared. */
export function foldText(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase().replace(SPACE, " ").trim();
  const plain = text.normalize("NFKC").replace(INVISIBLE, "").replace(SKIN_TONE, "").replace(APOSTROPHE, "'");
  // First to upper case, then to lower case: upper case maps ß to SS and ı to I, lower case maps ẞ to ß.
  const cased = plain.toLowerCase().toUpperCase().toLowerCase();
  // ς is σ at the end of a word.
  const folded = cased.normalize("NFKC").replace(DOTTED_I, "i").replaceAll("ς", "σ");
  const unmarked = folded.normalize("NFD").replace(OPTIONAL_MARKS, "$1").normalize("NFC");
  const typed = unmarked.replace(TYPED_OTHERWISE, (letter) => TYPED_AS.get(letter) ?? letter);
  return typed.replace(SPACE, " ").trim();
}

/**
 * Whether the text contains one of the keywords.
 *
 * `word`: the keyword has word boundaries on both sides. It may have several words, an emoji or signs (`c++`). In
 * scripts without spaces (Chinese, Japanese, Thai …) it may be anywhere. Inside a mention tag or an address it does not count. `contains`: anywhere, also inside words.
 * `exact`: it is the whole text. `any`: always, even without text.
 *
 * @param text null: the event has no text, so only `any` matches
 */
export function matchesKeywords(text: string | null, keywords: readonly string[], match: Match): boolean {
  if (match === "any") return true;
  if (text === null) return false;
  return matchesFolded([foldText(text)], keywords, match);
}

/** The same for folded texts, one of which must match: many automations share them, and each keyword is folded once. */
export function matchesFolded(folded: readonly string[], keywords: readonly string[], match: Match): boolean {
  if (match === "any") return true;
  if (folded.length === 0) return false;
  return keywords.some((keyword) => {
    const wanted = foldText(keyword);
    // A keyword of invisible characters only would match every text.
    if (wanted === "") return false;
    return folded.some((text) => matchesOne(text, wanted, match));
  });
}

function matchesOne(folded: string, wanted: string, match: Exclude<Match, "any">): boolean {
  switch (match) {
    case "word":
      return hasWord(folded, wanted);
    case "contains":
      return folded.includes(wanted);
    case "exact":
      return folded === wanted;
  }
}

function hasWord(text: string, wanted: string): boolean {
  let graphemes: Intl.Segments | undefined;
  let names: Range[] | undefined;
  let passed = 0;
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (!isWordBorder(text, at) || !isWordBorder(text, end)) continue;
    names ??= NAME_CHARACTER.test(wanted) ? [] : namesIn(text);
    // Both run from left to right, so names that have been passed are never looked at again.
    while ((names[passed]?.end ?? Number.POSITIVE_INFINITY) <= at) passed++;
    if ((names[passed]?.start ?? Number.POSITIVE_INFINITY) <= at && end <= (names[passed]?.end ?? 0)) continue;
    graphemes ??= GRAPHEMES.segment(text);
    // Not inside one visible character: 👩 is not a word in 👩‍👩‍👧.
    if (isGraphemeBorder(graphemes, text, at) && isGraphemeBorder(graphemes, text, end)) return true;
  }
  return false;
}

interface Range {
  start: number;
  end: number;
}

const namesIn = (text: string): Range[] =>
  [...text.matchAll(NAMES)].map(({ index, 0: name }) => ({ start: index, end: index + name.length }));

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
