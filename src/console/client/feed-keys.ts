/** The keyboard in a list of rows: where each key leads. */

const MOVES: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 };

/**
 * @param index of the row that has the focus, -1: none has
 * @returns the row to go to; null: the key is none of the list's
 */
export function rowForKey(key: string, index: number, count: number): number | null {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const move = MOVES[key];
  return move === undefined ? null : Math.min(Math.max(0, index + move), count - 1);
}
