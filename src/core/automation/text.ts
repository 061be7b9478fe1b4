/** Measures and shortens texts to Meta's limits, which count different units. */

/**
 * Maximum length of a text. Instagram counts UTF-8 bytes, Messenger and comments count characters. The limits are in
 * `meta/limits.ts`.
 */
export interface TextLimit {
  max: number;
  unit: "bytes" | "characters";
}

const ELLIPSIS = "…";
const GRAPHEMES = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Length of a text in UTF-8 bytes. A lone surrogate counts as U+FFFD, because it is sent as that. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Length of a text in the unit of the limit. Characters are counted as UTF-16 units, the strictest count. */
export function lengthIn(text: string, unit: TextLimit["unit"]): number {
  return unit === "bytes" ? byteLength(text) : text.length;
}

/**
 * Shortens a text to the limit and ends it with an ellipsis. It cuts between visible characters, never inside an emoji,
 * an accent or a surrogate pair. A private reply is one message, so the text is not split.
 *
 * @returns at most `limit.max` long; `""` if not even the ellipsis fits
 */
export function fitText(text: string, limit: TextLimit): string {
  if (lengthIn(text, limit.unit) <= limit.max) return text;
  const room = limit.max - lengthIn(ELLIPSIS, limit.unit);
  if (room < 0) return "";
  let used = 0;
  let end = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    used += lengthIn(segment, limit.unit);
    if (used > room) break;
    end = index + segment.length;
  }
  return text.slice(0, end).trimEnd() + ELLIPSIS;
}
