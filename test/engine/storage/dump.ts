/** A database as SQL text: creates and restores fixtures. */
import { text, type Sql, type SqlRow, type SqlValue } from "../../../src/engine/storage/sql.ts";

/** Every table with its rows, then every index. A statement ends with `;` at the end of a line. */
export function dump(sql: Sql): string {
  const schema = schemaOf(sql).map((item) => item.sql);
  const isTable = (statement: string): boolean => statement.startsWith("CREATE TABLE");
  const rows = tablesOf(sql).flatMap((table) =>
    sql.all(`SELECT * FROM ${table} ORDER BY 1`).map((row) => insertInto(table, row)),
  );
  return [...schema.filter(isTable), ...rows, ...schema.filter((statement) => !isTable(statement))]
    .map((statement) => `${statement};\n`)
    .join("");
}

/** Runs a dump, one statement at a time. A Durable Object's SQLite accepts no BEGIN, COMMIT or PRAGMA. */
export function load(sql: Sql, dumped: string): void {
  for (const statement of dumped.split(/;\n/)) if (statement.trim() !== "") sql.all(statement);
}

/** The schema's tables and indexes by name, ignoring spaces. */
export function schemaOf(sql: Sql): { name: string; sql: string }[] {
  return sql
    .all("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '!_cf%' ESCAPE '!' ORDER BY name")
    .map((row) => ({ name: text(row, "name"), sql: text(row, "sql").replaceAll(/\s+/g, " ") }));
}

function tablesOf(sql: Sql): string[] {
  return schemaOf(sql).flatMap((item) => (item.sql.startsWith("CREATE TABLE") ? [item.name] : []));
}

function insertInto(table: string, row: SqlRow): string {
  return `INSERT INTO ${table} (${Object.keys(row).join(", ")}) VALUES (${Object.values(row).map(literal).join(", ")})`;
}

function literal(value: SqlValue): string {
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value ?? "NULL");
}
