/**
 * The part of SQLite that Account and Directory use. Both run the same statements on a Durable Object
 * (`durable-sql.ts`) and on node:sqlite in the simulation.
 */

export type SqlValue = string | number | null;

export type SqlRow = Record<string, SqlValue>;

export interface Sql {
  /** Runs a statement and returns all rows. */
  all(statement: string, ...values: SqlValue[]): SqlRow[];
  /** Atomic: an exception rolls back what the body wrote. The body must not await. */
  transaction<T>(body: () => T): T;
}

/** The first row, or null. */
export function first(sql: Sql, statement: string, ...values: SqlValue[]): SqlRow | null {
  return sql.all(statement, ...values)[0] ?? null;
}

/** A column that is text by the schema. Any other type is a bug, so it throws. */
export function text(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`column ${column} is not text`);
  return value;
}

export function textOrNull(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

/** A column that is a number by the schema. */
export function number(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`column ${column} is not a number`);
  return value;
}

export function numberOrNull(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : number(row, column);
}

/** A column with JSON written by this code: the caller knows its type. */
export function json(row: SqlRow, column: string): unknown {
  return JSON.parse(text(row, column));
}
