import type { Sql, SqlRow, SqlValue } from "./sql.ts";

/** A Durable Object's SQLite as `Sql`. https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/ */
export function durableSql(storage: DurableObjectStorage): Sql {
  return {
    // The cursor is read completely at once: it has no snapshot, and must not be used across an await.
    all: (statement: string, ...values: SqlValue[]) => storage.sql.exec(statement, ...values).toArray() as SqlRow[],
    transaction: (body) => storage.transactionSync(body),
  };
}
