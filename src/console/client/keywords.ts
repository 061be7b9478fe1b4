/** Converts between a list of keywords and the text of their field. */

/** Commas are several scripts'. In quotes, straight or curly, a comma belongs to the keyword. */
const ITEM = /\s*(?:"((?:[^"]|"")*)"|“([^”]*)”)[^\S\n]*(?=[,，،、\n]|$)|[^,，،、\n]+/g;
const NEEDS_QUOTES = /[,，،、\n]|^["“\s]|\s$/;

/** One a line, or several with commas between. Quotes that do not close are as good as any other sign. */
export function keywordsIn(text: string): string[] {
  const found = Array.from(text.matchAll(ITEM), ([all, straight, curly]) => {
    if (straight !== undefined) return straight.replaceAll('""', '"');
    return curly ?? all.trim();
  });
  return found.filter((keyword) => keyword.trim() !== "");
}

/** One a line, in quotes where it would not come back as it is. */
export function keywordsText(keywords: readonly string[]): string {
  return keywords
    .map((keyword) => (NEEDS_QUOTES.test(keyword) ? `"${keyword.replaceAll('"', '""')}"` : keyword))
    .join("\n");
}
