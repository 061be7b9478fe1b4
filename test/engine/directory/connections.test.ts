import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { MetaEvent } from "../../../src/core/event.ts";
import type { ConnectStep } from "../../../src/engine/directory/contract.ts";
import { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;

interface Desk {
  core: DirectoryCore;
  sql: Sql;
  clock: { now: number };
}

const atDesk = (test: (desk: Desk) => Promise<void> | void): Promise<void> =>
  runInDurableObject(env.DIRECTORY.getByName(`test-${crypto.randomUUID()}`), (_object, state) => {
    const sql = durableSql(state.storage);
    const clock = { now: NOON };
    const core = new DirectoryCore({
      sql,
      now: () => clock.now,
      unpack: async (queued) => queued,
      ingest: async () => ({ results: [] }),
    });
    return test({ core, sql, clock });
  });

const step = (more: Partial<ConnectStep> = {}): ConnectStep => ({
  hash: "h1",
  browser: "b1",
  step: "login",
  login: "instagram",
  redirectUri: "https://r.example/cb",
  inviteId: null,
  sealed: null,
  expiresAt: NOON + 600_000,
  ...more,
});

describe("a login in progress", () => {
  it("can be used once, by the browser that started it, before it expires", () =>
    atDesk(({ core, clock }) => {
      core.beginStep(step());
      expect(core.takeStep("h1", "another browser")).toBeNull();
      expect(core.takeStep("another state", "b1")).toBeNull();
      expect(core.takeStep("h1", "b1")).toEqual(step());
      expect(core.takeStep("h1", "b1")).toBeNull();
      core.beginStep(step({ hash: "h2" }));
      clock.now += 600_000;
      expect(core.takeStep("h2", "b1")).toBeNull();
    }));

  it("is deleted when it is abandoned", () =>
    atDesk(({ core, sql, clock }) => {
      for (let n = 0; n < 20; n++) core.beginStep(step({ hash: `h${n}` }));
      clock.now += HOUR;
      core.takeStep("anything", "b1");
      expect(sql.all("SELECT * FROM connect_steps")).toEqual([]);
    }));
});

describe("an invite", () => {
  const wanted = { id: "i1", login: null, label: "Ana", expiresAt: NOON + HOUR };

  it("can be used once, and again only if no account was connected", () =>
    atDesk(({ core, clock }) => {
      expect(core.createInvite(wanted)).toMatchObject({ createdAt: NOON, usedAt: null, accountIds: [] });
      expect(core.claimInvite("i1")).toBe(true);
      expect(core.claimInvite("i1")).toBe(false);
      core.settleInvite("i1", []);
      expect(core.claimInvite("i1")).toBe(true);
      core.settleInvite("i1", ["17841"]);
      expect(core.invite("i1")).toMatchObject({ usedAt: NOON, accountIds: ["17841"] });
      core.createInvite({ ...wanted, id: "i2" });
      clock.now += HOUR;
      expect(core.claimInvite("i2")).toBe(false);
    }));

  it("that was revoked or does not exist cannot be used", () =>
    atDesk(({ core }) => {
      core.createInvite(wanted);
      expect(core.revokeInvite("i1")).toBe(true);
      expect(core.claimInvite("i1")).toBe(false);
      expect(core.revokeInvite("i9")).toBe(false);
      expect(core.claimInvite("i9")).toBe(false);
    }));

  it("is listed, newest first, in pages", () =>
    atDesk(({ core }) => {
      for (let n = 0; n < 5; n++) core.createInvite({ ...wanted, id: `i${n}` });
      const first = core.invites({ limit: 3 });
      const rest = core.invites({ limit: 3, cursor: first.nextCursor ?? "" });
      expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(["i4", "i3", "i2", "i1", "i0"]);
      expect(rest.nextCursor).toBeNull();
    }));
});

describe("the owner of an account", () => {
  it("is found by the person's id, which is stored as a hash only", () =>
    atDesk(({ core, sql }) => {
      for (const id of ["1", "2", "3"]) core.syncSummary(id, { connected: true });
      core.own("1", ["app-scoped-ana", "app-scoped-ana"]);
      core.own("2", ["app-scoped-ana"]);
      core.own("3", ["app-scoped-bo"]);
      expect(core.ownedBy("app-scoped-ana")).toEqual(["1", "2"]);
      expect(core.ownedBy("3")).toEqual(["3"]);
      expect(core.ownedBy("nobody")).toEqual([]);
      expect(JSON.stringify(sql.all("SELECT * FROM owners"))).not.toContain("app-scoped");
      // Another person has connected it since then.
      core.own("2", ["app-scoped-bo"]);
      expect(core.ownedBy("app-scoped-ana")).toEqual(["1"]);
      core.own("1", ["app-scoped-ana-2"], true);
      expect(core.ownedBy("app-scoped-ana-2")).toEqual(["1"]);
      expect(core.ownedBy("app-scoped-ana")).toEqual(["1"]);
      core.forget("3", "nothing");
      expect(core.ownedBy("app-scoped-bo")).toEqual(["2"]);
    }));
});

describe("an account whose owner has removed the app", () => {
  const owner = "app-scoped-ana";
  const parked = (core: DirectoryCore): void => {
    core.syncSummary("1", { connected: true });
    core.own("1", [owner]);
    core.forget("1", "configuration");
  };

  it("is in no list, and is found by its owner and its id until all of its data is deleted", () =>
    atDesk(({ core }) => {
      parked(core);
      core.syncSummary("1", { connected: false, lastEventAt: NOON });
      expect(core.accounts({ limit: 10 }).items).toEqual([]);
      expect(core.account("1")).toBeNull();
      expect(core.counts()).toMatchObject({ accounts: 0 });
      expect(core.ownedBy(owner)).toEqual(["1"]);
      expect(core.ownedBy("1")).toEqual(["1"]);
      // The app is removed again, which loses nothing.
      core.forget("1", "configuration");
      expect(core.ownedBy(owner)).toEqual(["1"]);
      core.forget("1", "nothing");
      expect([...core.ownedBy(owner), ...core.ownedBy("1")]).toEqual([]);
      core.forget("1", "configuration");
      expect([...core.ownedBy(owner), ...core.ownedBy("1")]).toEqual([]);
    }));

  it("belongs to the person who connects it again", () =>
    atDesk(({ core, sql }) => {
      parked(core);
      core.registerAwake("1", 1, { connected: true });
      expect(core.account("1")).toMatchObject({ connected: true });
      expect(core.ownedBy(owner)).toEqual([]);
      core.own("1", ["app-scoped-bo"], true);
      expect(core.ownedBy("app-scoped-bo")).toEqual(["1"]);
      expect(sql.all("SELECT * FROM parked")).toEqual([]);
    }));
});

describe("a subscription at Meta", () => {
  it("is shared by a Page and its Instagram account while both are connected", () =>
    atDesk(({ core }) => {
      core.syncSummary("page", { connected: true, platform: "page", sendAs: null });
      core.syncSummary("behind", { connected: true, platform: "instagram", sendAs: "page" });
      core.syncSummary("other", { connected: true, sendAs: "another page" });
      core.syncSummary("alone", { connected: true });
      // A summary without `sendAs` changes nothing.
      core.syncSummary("behind", { openReplies: 2 });
      expect(["page", "behind", "other", "alone", "unknown"].map((id) => core.sharing(id))).toEqual([
        ["behind"],
        ["page"],
        [],
        [],
        [],
      ]);
      core.syncSummary("behind", { connected: false, sendAs: null });
      expect(core.sharing("page")).toEqual([]);
    }));
});

describe("an erasure", () => {
  const request = { code: "c1", key: "k1", kind: "deletion" as const, subject: "app-scoped-ana" };

  it("of an owner is finished after all accounts, and stores no id", () =>
    atDesk(({ core, sql }) => {
      for (const id of ["1", "2"]) {
        core.syncSummary(id, { connected: true });
        core.own(id, ["app-scoped-ana"]);
      }
      core.requestErasure(request);
      expect(core.openErasures(5)).toMatchObject([{ code: "c1", accounts: ["1", "2"], subject: null }]);
      core.advanceErasure("c1", { accountDone: "1" });
      core.advanceErasure("c1", { accountDone: "1" });
      expect(core.erasure("c1")).toMatchObject({ erased: 1, finishedAt: null });
      core.advanceErasure("c1", { accountDone: "2" });
      expect(core.erasure("c1")).toMatchObject({ erased: 2, finishedAt: NOON });
      expect(core.openErasures(5)).toEqual([]);
      expect(JSON.stringify(sql.all("SELECT * FROM erasures"))).not.toContain("app-scoped");
    }));

  it("of a person visits all accounts, and deletes the person's id", () =>
    atDesk(({ core, sql }) => {
      for (let n = 0; n < 5; n++) core.syncSummary(`acc${n}`, {});
      core.requestErasure({ ...request, subject: "1045872930164827" });
      expect(core.openErasures(5)).toMatchObject([{ subject: "1045872930164827", accounts: [] }]);
      expect(core.erasureSweep("c1", 3)).toEqual(["acc0", "acc1", "acc2"]);
      core.advanceErasure("c1", { cursor: "acc2", people: 2 });
      expect(core.erasureSweep("c1", 3)).toEqual(["acc3", "acc4"]);
      core.advanceErasure("c1", { cursor: "acc4", people: 1 });
      expect(core.erasureSweep("c1", 3)).toEqual([]);
      core.advanceErasure("c1", { cursor: null });
      expect(core.erasure("c1")).toMatchObject({ people: 3, finishedAt: NOON });
      expect(JSON.stringify(sql.all("SELECT * FROM erasures"))).not.toContain("1045872930164827");
    }));

  it("that was requested twice is one, and for an unknown person it is finished at once", () =>
    atDesk(({ core }) => {
      const first = core.requestErasure({ ...request, kind: "deauthorize" });
      expect(first).toMatchObject({ code: "c1", finishedAt: NOON });
      expect(core.requestErasure({ ...request, kind: "deauthorize", code: "c2" })).toEqual(first);
    }));

  it("deletes the dead letters and invites of the account only", () =>
    atDesk(({ core, sql }) => {
      const event = (accountId: string, raw: string): MetaEvent => ({
        v: 1,
        id: `instagram:${accountId}:comment:${raw.length}`,
        accountId,
        object: "instagram",
        kind: "comment",
        field: "comments",
        occurredAt: NOON,
        receivedAt: NOON,
        deliveryId: "d",
        test: false,
        raw,
        proof: { secret: "instagram", form: "raw" },
      });
      core.storeDeadLetters([
        { event: event("1", '{"a":1}'), attempts: 3 },
        { event: event("2", '{"from":{"id":"1045872930164827"}}'), attempts: 3 },
        { event: event("2", '{"from":{"id":"21045872930164827"},"x":1}'), attempts: 3 },
      ]);
      core.createInvite({ id: "i1", login: null, label: "Ana", expiresAt: NOON + HOUR });
      core.settleInvite("i1", ["1"]);
      expect(core.eraseFailedEvents("1")).toEqual({ removed: 1 });
      expect(core.invite("i1")).toMatchObject({ label: null, accountIds: [] });
      expect(core.eraseFailedEvents("1045872930164827")).toEqual({ removed: 1 });
      expect(core.deadLetters({ limit: 10 }).items.map(({ raw }) => raw)).toEqual([
        '{"from":{"id":"21045872930164827"},"x":1}',
      ]);
      expect(sql.all("SELECT owner FROM parts")).toHaveLength(1);
    }));
});

describe("after an hour without events for any account", () => {
  it("the subscription of every connected account is compared once, a few hundred at a time", () =>
    atDesk(({ core }) => {
      for (let n = 0; n < 5; n++) core.syncSummary(`acc${n}`, { connected: n !== 2 });
      core.syncSummary("acc0", { lastEventAt: NOON });
      core.syncSummary("acc1", { lastEventAt: NOON + HOUR - 1 });
      expect(core.toAudit(10)).toEqual([]);
      core.registerAwake("acc3", 1, { lastEventAt: NOON + 3 * HOUR });
      expect(core.toAudit(2)).toEqual(["acc0", "acc1"]);
      expect(core.toAudit(2)).toEqual(["acc3", "acc4"]);
      expect(core.toAudit(2)).toEqual([]);
      // An older time is no new event.
      core.syncSummary("acc1", { lastEventAt: NOON });
      expect(core.toAudit(10)).toEqual([]);
    }));
});

describe("the health of all accounts", () => {
  it("counts held, expiring, silent and unknown accounts", () =>
    atDesk(({ core }) => {
      core.syncSummary("1", { connected: true, hold: "token", lastEventAt: NOON });
      core.syncSummary("2", { connected: true, tokenExpiresAt: NOON + 24 * HOUR, lastEventAt: NOON - HOUR });
      core.syncSummary("3", { connected: true });
      core.syncSummary("4", { lastEventAt: NOON - 2 * HOUR });
      core.syncSummary("0", { lastEventAt: NOON });
      core.recordQueue("replyline-events", { backlog: 7, oldestAt: NOON - HOUR, at: NOON });
      expect(core.health()).toEqual({
        accounts: 5,
        connected: 3,
        held: { token: 1 },
        expiring: 1,
        silent: 1,
        strangers: [{ id: "4", lastEventAt: NOON - 2 * HOUR }],
        lastEventAt: NOON,
        lastReplyAt: null,
        quarantined: 0,
        deadLetters: 0,
        queues: { "replyline-events": { backlog: 7, oldestAt: NOON - HOUR, at: NOON } },
      });
      expect(core.troubled(2).map(({ id }) => id)).toEqual(["1", "3"]);
    }));
});
