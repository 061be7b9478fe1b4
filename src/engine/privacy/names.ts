/** Meta's ids have eight digits and more; what is shorter would be found in every count and version number. */
const SHORTEST_ID = 6;

/** Whether a text names this id as a whole, and not only inside a longer one. SQLite's `instr` finds the candidates. */
export function namesId(text: string, id: string): boolean {
  const isPartOfId = (character: string | undefined): boolean => character !== undefined && /\w/.test(character);
  if (id.length < SHORTEST_ID) return false;
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    if (!isPartOfId(text[at - 1]) && !isPartOfId(text[at + id.length])) return true;
  }
  return false;
}
