import { first, number, type Sql } from "./sql.ts";

/** One step from a schema version to the next: statements, run in order. */
export type Migration = readonly string[];

/**
 * Brings the tables to the newest version; cheap when they are there already. Runs synchronously in the constructor of
 * a Durable Object, before any request. Each step is a transaction with its version row, so a crash in between repeats
 * nothing and loses nothing.
 *
 * @throws when the stored version is newer than this code: an older deploy must not write to a newer schema.
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
