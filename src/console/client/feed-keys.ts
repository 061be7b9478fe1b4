/** The keyboard in a list of rows: where each key leads. */

const MOVES: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 };

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** With Ctrl and the like a key is the browser's, or the reader's own program's. */
export const isPlain = ({ ctrlKey, metaKey, altKey, shiftKey }: Pressed): boolean =>
  !ctrlKey && !metaKey && !altKey && !shiftKey;

/**
 * @param index of the row that has the focus, -1: none has
 * @returns the row to go to; null: the key is none of the list's
 */
export function rowForKey(pressed: Pressed, index: number, count: number): number | null {
  if (!isPlain(pressed)) return null;
  const { key } = pressed;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const move = MOVES[key];
  return move === undefined ? null : Math.min(Math.max(0, index + move), count - 1);
}
