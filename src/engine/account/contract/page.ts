export interface Page<T> {
  items: T[];
  /** Opaque; pass it back to go on. Null: the end. */
  nextCursor: string | null;
}
