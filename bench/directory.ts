/**
 * Ten thousand accounts: measures how long the API takes to list, search and page through them, and which objects are
 * used when one more is connected. The rows are written to the Directory's database while the stack is stopped. All
 * measured requests go through HTTP, the receiver, the service binding and the Durable Object.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ADMIN_TOKEN, startBenchStack } from "./stack.ts";
import type { Row } from "./table.ts";
import { timed } from "./timed.ts";

const ACCOUNTS = 10_000;
const TARGET_MS = 100;
const FIRST_ID = 17_841_400_000_000_000n;

interface Page {
  items: { id: string }[];
  nextCursor: string | null;
}

export async function benchDirectory(port: number, progress: (text: string) => void): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), "replyline-directory-"));
  const state = join(directory, "state");
  const start = () => startBenchStack({ port, directory });
  let dev = await start();
  try {
    await get(dev.url, "/api/accounts");
    await dev.stop();
    progress(`${ACCOUNTS} accounts in the Directory`);
    seed(join(state, "v3/do/replyline-engine-Directory"));
    dev = await start();
    const rows = [
      await timed(about("list 50 accounts"), TARGET_MS, () => get(dev.url, "/api/accounts?limit=50")),
      await timed(about("list 200 accounts"), TARGET_MS, () => get(dev.url, "/api/accounts?limit=200")),
      await timed(about("search, one found"), TARGET_MS, () =>
        get(dev.url, `/api/accounts?search=creator.${ACCOUNTS - 7}`, 1),
      ),
      await timed(about("search, none found"), TARGET_MS, () =>
        get(dev.url, "/api/accounts?search=nobody.has.this.name", 0),
      ),
      await timed(about("only those not connected"), TARGET_MS, () =>
        get(dev.url, "/api/accounts?connected=false&limit=50"),
      ),
    ];
    const cursors = await pageThrough(dev.url);
    const middle = cursors[Math.floor(cursors.length / 2)] ?? "";
    rows.push(
      await timed(about("a page in the middle"), TARGET_MS, () =>
        get(dev.url, `/api/accounts?limit=200&cursor=${middle}`, 200),
      ),
    );
    rows.push(await connectOne(dev.url, state));
    return rows;
  } finally {
    await dev.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @returns the cursors of the pages, after counting that every account is on exactly one of them */
async function pageThrough(url: string): Promise<string[]> {
  const seen = new Set<string>();
  const cursors: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await get(url, `/api/accounts?limit=200${cursor === null ? "" : `&cursor=${cursor}`}`);
    for (const { id } of page.items) seen.add(id);
    cursor = page.nextCursor;
    if (cursor !== null) cursors.push(cursor);
  } while (cursor !== null);
  if (seen.size !== ACCOUNTS) throw new Error(`${seen.size} of ${ACCOUNTS} accounts are listed`);
  return cursors;
}

/** Connects one more account and checks which objects exist afterwards: rows of the Directory must not wake objects. */
async function connectOne(url: string, state: string): Promise<Row> {
  const id = String(FIRST_ID + BigInt(ACCOUNTS * 10));
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/accounts/${id}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ platform: "instagram", login: "instagram", accessToken: "bench-token-not-real" }),
  });
  const tookMs = performance.now() - startedAt;
  if (!response.ok) throw new Error(`the account was not connected: ${response.status}`);
  const touched = databases(join(state, "v3/do/replyline-engine-Account")).length;
  return {
    what: "connect one more: Account objects touched",
    figure: `${touched}, in ${tookMs.toFixed(0)} ms`,
    target: "1",
    reached: touched === 1,
  };
}

function seed(folder: string): void {
  const [file] = databases(folder);
  if (file === undefined) throw new Error("the Directory has no database");
  const database = new DatabaseSync(join(folder, file));
  try {
    const insert = database.prepare(
      `INSERT INTO accounts (id, connected, platform, login, username, token_expires_at, first_seen_at, last_event_at,
         last_reply_at, open_replies, hold, sending, awake, generation, visited_at)
       VALUES (?, ?, 'instagram', 'instagram', ?, ?, ?, ?, ?, 0, NULL, 'on', 0, 0, 0)`,
    );
    const now = Date.now();
    database.exec("BEGIN");
    for (let n = 0; n < ACCOUNTS; n++) {
      const id = String(FIRST_ID + BigInt(n * 10));
      insert.run(id, n % 50 === 0 ? 0 : 1, `creator.${n}`, now + n * 1_000, now - n, now - n, now - n);
    }
    database.exec("COMMIT");
  } finally {
    database.close();
  }
}

const about = (what: string): string => `${ACCOUNTS.toLocaleString("en-US")} accounts: ${what}`;

const databases = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith(".sqlite") && !name.startsWith("metadata"));

async function get(url: string, path: string, expected?: number): Promise<Page> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  if (!response.ok) throw new Error(`${path} returned ${response.status}`);
  const page = (await response.json()) as Page;
  if (expected !== undefined && page.items.length !== expected) {
    throw new Error(`${path} found ${page.items.length} accounts, not ${expected}`);
  }
  return page;
}
