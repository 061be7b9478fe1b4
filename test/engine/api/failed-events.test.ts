import * as v from "valibot";
import { describe, expect, it, vi } from "vitest";
import type { DeadLetter, QuarantineItem } from "../../../src/api/failed-events.ts";
import { deadLetter, quarantineItem } from "../../../src/api/failed-events.ts";
import { pageOf } from "../../../src/api/building-blocks.ts";
import { ACCOUNT_ID, call, fakeEnv, refusal } from "./fakes.ts";

const ITEM: QuarantineItem = {
  id: "quarantine:a/b+c==",
  accountId: null,
  reason: "malformed_json",
  receivedAt: 1_795_000_000_000,
  deliveryId: "d-1",
  encoding: "base64",
  body: "/9j/4AAQ",
  replayedAt: null,
};

const LETTER: DeadLetter = {
  id: "17",
  eventId: "instagram:1:comment:2",
  accountId: ACCOUNT_ID,
  kind: "comment",
  diedAt: 1_795_000_000_000,
  attempts: 101,
  replayedAt: null,
  raw: "{}",
};

describe("quarantine", () => {
  it("is listed, and each item can be read", async () => {
    const quarantineItemOf = vi.fn(async () => ITEM);
    const quarantined = async () => ({ items: [ITEM], nextCursor: null });
    const env = fakeEnv({ directory: { quarantined, quarantineItem: quarantineItemOf } });
    const page = v.parse(
      pageOf(v.strictObject(quarantineItem.entries)),
      await (await call(env, "GET /api/quarantine")).json(),
    );
    expect(page).toEqual({ items: [ITEM], nextCursor: null });
    const one = await call(env, `GET /api/quarantine/${encodeURIComponent(ITEM.id)}`);
    expect([one.status, await one.json()]).toEqual([200, ITEM]);
    expect(quarantineItemOf).toHaveBeenCalledExactlyOnceWith(ITEM.id);
  });

  it("is replayed, and returns the result", async () => {
    const replayQuarantined = vi.fn(async () => ({ events: 3, stillUnreadable: 1 }));
    const path = `/api/quarantine/${encodeURIComponent(ITEM.id)}/replay`;
    const response = await call(fakeEnv({ directory: { replayQuarantined } }), `POST ${path}`);
    expect([response.status, await response.json()]).toEqual([200, { events: 3, stillUnreadable: 1 }]);
    expect(replayQuarantined).toHaveBeenCalledExactlyOnceWith(ITEM.id);
  });
});

describe("dead letters", () => {
  it("are listed", async () => {
    const deadLetters = async () => ({ items: [LETTER], nextCursor: null });
    const response = await call(fakeEnv({ directory: { deadLetters } }), "GET /api/dead-letters");
    const page = v.parse(pageOf(v.strictObject(deadLetter.entries)), await response.json());
    expect(page).toEqual({ items: [LETTER], nextCursor: null });
  });

  it.each(["new", "duplicate"] as const)("are delivered to their account again: %s", async (result) => {
    const replayDeadLetter = vi.fn(async () => ({ result }));
    const response = await call(fakeEnv({ directory: { replayDeadLetter } }), "POST /api/dead-letters/17/replay");
    expect([response.status, await response.json()]).toEqual([200, { result }]);
    expect(replayDeadLetter).toHaveBeenCalledExactlyOnceWith("17");
  });

  it("that the account refuses again return 502 with the reason", async () => {
    const replayDeadLetter = async () => ({ error: "account_unavailable" });
    const response = await call(fakeEnv({ directory: { replayDeadLetter } }), "POST /api/dead-letters/17/replay");
    const { message, ...rest } = await refusal(response);
    expect(rest).toEqual({ status: 502, code: "replay_failed" });
    expect(message).toContain("account_unavailable");
  });
});

it("an item that does not exist returns 404", async () => {
  const none = async () => null;
  const env = fakeEnv({ directory: { quarantineItem: none, replayQuarantined: none, replayDeadLetter: none } });
  for (const route of ["GET /api/quarantine/x", "POST /api/quarantine/x/replay", "POST /api/dead-letters/x/replay"]) {
    const refused = await refusal(await call(env, route));
    expect(refused, route).toMatchObject({ status: 404, code: "not_found" });
    // Quarantined deliveries and waiting dead letters do not expire.
    expect(refused.message, route).not.toContain("by age");
  }
});
