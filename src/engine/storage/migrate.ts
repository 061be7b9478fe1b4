import { first, number, type Sql } from "./sql.ts";

/** One migration to the next schema version: statements that run in order. */
export type Migration = readonly string[];

/**
 * Migrates the tables to the newest version; cheap if they are current. Runs synchronously in the constructor of a
 * Durable Object, before any request. Each migration and its version row share a transaction, so a crash repeats
 * nothing and loses nothing.
 *
 * @throws when the stored version is newer than this code: an older deployment must not write to a newer schema
 */
export function migrate(sql: Sql, migrations: readonly Migration[]): void {
  sql.all("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
  const row = first(sql, "SELECT version FROM schema_version");
  const stored = row === null ? 0 : number(row, "version");
  if (stored > migrations.length) {
    throw new Error(
      `schema version ${stored} is newer than this code knows (${migrations.length}): deploy the newer version again`,
    );
  }
  migrations.slice(stored).forEach((statements, index) => {
    sql.transaction(() => {
      for (const statement of statements) sql.all(statement);
      sql.all("DELETE FROM schema_version");
      sql.all("INSERT INTO schema_version (version) VALUES (?)", stored + index + 1);
    });
  });
}
