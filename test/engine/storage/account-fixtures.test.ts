import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../../src/engine/account/schema.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { migrate } from "../../../src/engine/storage/migrate.ts";
import { ACCOUNT, comment, echo, message, TestAccount } from "../account/harness.ts";
import { SAVED_AT } from "./account-story.ts";
import { load, schemaOf } from "./dump.ts";
import { ACCOUNT_FIXTURES, versions } from "./fixtures.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;

/** A real object with this database. */
async function objectWith(fixture: string) {
  const stub = env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`);
  await runInDurableObject(stub, async (_object, { storage }) => {
    await storage.deleteAll();
    load(durableSql(storage), fixture);
  });
  return stub;
}

/** Opens the current core on the fixture, at the time at which it was made. */
async function opened(fixture: string, test: (account: TestAccount) => Promise<void>): Promise<void> {
  await runInDurableObject(await objectWith(fixture), (_object, { storage }) => {
    const account = new TestAccount(storage);
    account.now = SAVED_AT;
    return test(account);
  });
}

const versionOf = (sql: Sql) => sql.all("SELECT version FROM schema_version");

/** The ledger's rows, by the comment or message that they answer. */
const ledger = (account: TestAccount) =>
  Object.fromEntries(account.replies().map((one) => [`${one.about}, ${one.kind}`, [one.state, one.reason]]));

describe.each(versions(ACCOUNT_FIXTURES))("an account of version $version", ({ version, fixture }) => {
  it("has the version of its fixture", () =>
    runInDurableObject(env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`), async (_object, { storage }) => {
      const sql = durableSql(storage);
      await storage.deleteAll();
      load(sql, fixture);
      expect(versionOf(sql)).toEqual([{ version }]);
      const fixtureSchema = schemaOf(sql);
      await storage.deleteAll();
      migrate(sql, ACCOUNT_MIGRATIONS.slice(0, version));
      expect(fixtureSchema).toEqual(schemaOf(sql));
    }));

  it("is migrated to the schema of a new account", () =>
    opened(fixture, async ({ sql }) => {
      expect(versionOf(sql)).toEqual([{ version: ACCOUNT_MIGRATIONS.length }]);
      const migrated = schemaOf(sql);
      await runInDurableObject(env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`), (_object, { storage }) => {
        expect(migrated).toEqual(schemaOf(durableSql(storage)));
      });
    }));

  it("keeps every reply in its state, including settled ones, and returns them", () =>
    opened(fixture, async (account) => {
      const expected = {
        "c_expired, private_reply": ["expired", "window_closed"],
        "m_unsent, message": ["cancelled", "message_unsent"],
        "c_sent, private_reply": ["sent", null],
        "c_refused, private_reply": ["refused", "10/2534022"],
        "m_held, message": ["uncertain", "timeout"],
        "c_uncertain, private_reply": ["uncertain", "timeout"],
        "c_sending, private_reply": ["sending", null],
        "c_pending, private_reply": ["pending", null],
        "c_price, private_reply": ["pending", null],
        "c_price, public_reply": ["pending", null],
      };
      expect(ledger(account)).toEqual(expected);
      const { items } = account.core.replies({ limit: 100 });
      expect(items.map(({ state, reason }) => [state, reason]).toReversed()).toEqual(Object.values(expected));
      expect(account.core.state()).toMatchObject({
        profile: { id: ACCOUNT, platform: "instagram" },
        events: 14,
        hold: null,
        replies: { pending: 3, sending: 1, uncertain: 2, sent: 1, refused: 1, cancelled: 1, expired: 1 },
      });
      expect(account.core.automations().items.map(({ id }) => id)).toEqual(["guide", "hello", "public"]);
    }));

  it("sends open replies on time with its stored token, and judges attempts in flight", () =>
    opened(fixture, async (account) => {
      account.reading = () => ({ kind: "found", text: "", hidden: false, parentText: "shipping", permalink: null });
      // A dump contains no alarm; the watchdog sets one.
      await account.core.wake(ACCOUNT);
      await account.pass(2 * HOUR);
      expect(account.sends.map(({ to, kind, at, token }) => [to, kind, at - SAVED_AT, token])).toEqual([
        [{ commentId: "c_pending" }, "private_reply", 5 * SECOND, "token-not-real"],
        // Both were uncertain: 90 s after their attempts.
        [{ commentId: "c_uncertain" }, "private_reply", 70 * SECOND, "token-not-real"],
        [{ commentId: "c_sending" }, "private_reply", 80 * SECOND, "token-not-real"],
        [{ commentId: "c_price" }, "private_reply", HOUR - 5 * SECOND, "token-not-real"],
        // The public reply waits for the private one, and a gap.
        [{ commentId: "c_price" }, "public_reply", HOUR - 2 * SECOND, "token-not-real"],
      ]);
      expect(account.sends[3]?.message.text).toBe("About shipping: https://example.com/prices");
      const { pending, sending, uncertain, sent } = account.core.state().replies;
      expect({ pending, sending, uncertain, sent }).toEqual({ pending: 0, sending: 0, uncertain: 1, sent: 6 });
    }));

  it("does not repeat its answers, and does not answer unsent messages", () =>
    opened(fixture, async (account) => {
      const known = ["c_sent", "c_uncertain", "c_sending", "c_pending"].map((id) => comment(id));
      const report = await account.ingest(...known, message("m_held", "hello"), message("m_never_seen", "hello"));
      expect(report.results).toEqual(["duplicate", "duplicate", "duplicate", "duplicate", "duplicate", "new"]);
      expect(account.replies()).toHaveLength(10);
    }));

  it("accepts an echo as proof of an uncertain message", () =>
    opened(fixture, async (account) => {
      await account.ingest(echo("mid.late", "Hello yourself", {}, { at: SAVED_AT }));
      expect(ledger(account)["m_held, message"]).toEqual(["sent", "echo"]);
    }));

  it("answers new comments, and keeps long events complete", () =>
    opened(fixture, async (account) => {
      await account.ingest(comment("c_new", { from: "1045872930164999" }, { at: SAVED_AT }));
      expect(ledger(account)["c_new, private_reply"]).toEqual(["pending", null]);
      const long = account.core.event(ACCOUNT, `instagram:${ACCOUNT}:comment:c_long`);
      expect(JSON.parse(long?.raw ?? "")).toMatchObject({ value: { text: "nothing that anybody waits for" } });
    }));

  it("is opened by the object itself after the deployment of the new schema", async () => {
    const stub = await objectWith(fixture);
    await evictDurableObject(stub);
    const state = await runInDurableObject(stub, (object) => object.state());
    expect(state).toMatchObject({ profile: { id: ACCOUNT }, replies: { pending: 3, sending: 1, uncertain: 2 } });
  });
});

it("an account with a newer schema than the code is not changed, and the error says what to do", async () => {
  const stub = await objectWith(ACCOUNT_FIXTURES.at(-1) ?? "");
  const newer = ACCOUNT_MIGRATIONS.length + 1;
  const rows = await runInDurableObject(stub, (_object, { storage }) => {
    const sql = durableSql(storage);
    sql.all("UPDATE schema_version SET version = ?", newer);
    expect(() => new TestAccount(storage)).toThrow(
      `schema version ${newer} is newer than this code knows (${ACCOUNT_MIGRATIONS.length}): deploy the newer version again`,
    );
    return [versionOf(sql), sql.all("SELECT count(*) AS n FROM replies"), sql.all("SELECT count(*) AS n FROM events")];
  });
  expect(rows).toEqual([[{ version: newer }], [{ n: 10 }], [{ n: 14 }]]);
});
