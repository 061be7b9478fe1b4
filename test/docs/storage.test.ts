import { describe, expect, it } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../src/engine/account/schema.ts";
import { DIRECTORY_MIGRATIONS } from "../../src/engine/directory/schema.ts";
import { migrate, type Migration } from "../../src/engine/storage/migrate.ts";
import { Storage } from "../simulation/platform/storage.ts";
import { read, section } from "./pages.ts";

const page = read("docs/storage.md");
const accountHeading = /^## Durable Object `Account`.*$/m.exec(page)?.[0] ?? "";
const directoryHeading = /^## Durable Object `Directory`.*$/m.exec(page)?.[0] ?? "";

/** The columns of each table that the migrations leave. */
function tables(migrations: readonly Migration[]): { table: string; columns: string[] }[] {
  const storage = new Storage();
  const all = (statement: string, ...values: (string | number | null)[]) => storage.all(statement, values);
  migrate({ all, transaction: (body) => storage.transaction(body) }, migrations);
  return all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").map(({ name }) => ({
    table: String(name),
    columns: all("SELECT name FROM pragma_table_info(?)", String(name)).map((column) => String(column["name"])),
  }));
}

const words = (text: string): Set<string> => new Set(text.match(/\w+/g));

describe("docs/storage.md", () => {
  it.each(tables(ACCOUNT_MIGRATIONS))("describes the Account's table $table and its columns", ({ table, columns }) => {
    const account = section(page, accountHeading);
    expect(account).toContain(`| \`${table}\` |`);
    expect(columns.filter((column) => !words(account).has(column))).toEqual([]);
  });

  it("describes the Directory's tables", () => {
    const directory = section(page, directoryHeading);
    const missing = tables(DIRECTORY_MIGRATIONS).filter(({ table }) => !directory.includes(`| \`${table}\` |`));
    expect(missing.map(({ table }) => table)).toEqual([]);
  });
});
