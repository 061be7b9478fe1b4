/**
 * Simulates the SQLite of a Durable Object with node:sqlite and the shipping statements. Writes between two awaits are
 * one transaction, as with Cloudflare's output gate: the scheduler's gate commits it, a crash rolls it back.
 * https://developers.cloudflare.com/durable-objects/best-practices/access-durable-objects-storage/
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { SqlRow, SqlValue } from "../../../src/engine/storage/sql.ts";

interface Prepared {
  statement: StatementSync;
  writes: boolean;
}

export class Storage {
  readonly #database = new DatabaseSync(":memory:");
  readonly #prepared = new Map<string, Prepared>();
  #open = false;
  #depth = 0;

  constructor() {
    // Small pages, because a transaction copies every page that it changes.
    this.#database.exec("PRAGMA page_size = 1024");
  }

  /** Whether there are writes that a crash would roll back. */
  get dirty(): boolean {
    return this.#open;
  }

  all(text: string, values: readonly SqlValue[]): SqlRow[] {
    // SQLite plans a statement again whenever the parameter of its LIMIT is bound, which takes longer than running it.
    if (text.endsWith("LIMIT ?")) return this.#run(`${text.slice(0, -1)}${String(values.at(-1))}`, values.slice(0, -1));
    return this.#run(text, values);
  }

  transaction<T>(body: () => T): T {
    this.#begin();
    const name = `nested${this.#depth++}`;
    this.#control(`SAVEPOINT ${name}`);
    try {
      const value = body();
      this.#control(`RELEASE ${name}`);
      return value;
    } catch (error) {
      this.#control(`ROLLBACK TO ${name}`);
      this.#control(`RELEASE ${name}`);
      throw error;
    } finally {
      this.#depth--;
    }
  }

  commit(): void {
    if (!this.#open) return;
    this.#control("COMMIT");
    this.#open = false;
  }

  rollback(): void {
    if (!this.#open) return;
    this.#control("ROLLBACK");
    this.#open = false;
  }

  /** Empties every table, for the next object; the schema stays. */
  wipe(): void {
    this.rollback();
    const tables = this.#database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'schema_version'")
      .all();
    for (const { name } of tables) this.#database.exec(`DELETE FROM "${String(name)}"`);
  }

  close(): void {
    this.#database.close();
  }

  #begin(): void {
    if (this.#open) return;
    this.#control("BEGIN");
    this.#open = true;
  }

  #run(text: string, values: readonly SqlValue[]): SqlRow[] {
    const { statement, writes } = this.#prepare(text);
    if (writes) this.#begin();
    return statement.all(...values) as SqlRow[];
  }

  #control(text: string): void {
    this.#prepare(text).statement.run();
  }

  #prepare(text: string): Prepared {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const prepared = { statement: this.#database.prepare(text), writes: !/^\s*SELECT\b/i.test(text) };
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

/** A pool of databases. Creating a schema takes a millisecond, emptying one a tenth of that. */
export class StoragePool {
  readonly #free = new Map<string, Storage[]>();

  /** @param schema the tables that it has or will have */
  take(schema: string): Storage {
    return this.#free.get(schema)?.pop() ?? new Storage();
  }

  give(schema: string, storage: Storage): void {
    storage.wipe();
    const free = this.#free.get(schema);
    if (free === undefined) this.#free.set(schema, [storage]);
    else free.push(storage);
  }
}
