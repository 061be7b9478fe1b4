/** Meta's ids have at least eight digits. A shorter id would match counts and version numbers. */
const SHORTEST_ID = 6;

/**
 * Whether a text contains this id as a whole, not only as part of a longer id. SQLite's `instr` finds the candidates.
 */
export function namesId(text: string, id: string): boolean {
  const isPartOfId = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);
  if (id.length < SHORTEST_ID) return false;
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    if (!isPartOfId(text[at - 1]) && !isPartOfId(text[at + id.length])) return true;
  }
  return false;
}
