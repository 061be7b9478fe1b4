/** The history of the Directory when its fixture is made: rows in every table, in every condition. */
import type { MetaEvent } from "../../../src/core/event.ts";
import { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { durableSql } from "../../../src/engine/storage/durable-sql.ts";
import type { Sql } from "../../../src/engine/storage/sql.ts";
import { readDelivery } from "../../../src/meta/reader/delivery.ts";
import { comment, NOON } from "../account/harness.ts";

/** When the fixture was made. */
export const SAVED_AT = NOON + 60_000;

export const BUSY = "17841460928374651";
export const QUIET = "17841460928374652";
export const STRANGER = "17841460928374653";
export const PARKED = "17841460928374654";

export class TestDirectory {
  now = NOON;
  readonly ingested: MetaEvent[] = [];
  readonly sql: Sql;
  readonly core: DirectoryCore;

  constructor(storage: DurableObjectStorage) {
    this.sql = durableSql(storage);
    this.core = new DirectoryCore({
      sql: this.sql,
      now: () => this.now,
      unpack: async (queued) => queued,
      ingest: async (_accountId, events) => {
        this.ingested.push(...events);
        return { results: events.map(() => "new" as const) };
      },
    });
  }
}

/** A signed delivery with one comment that is nested too deeply to be parsed. */
function unreadable(): MetaEvent[] {
  const body = `{"object":"instagram","entry":[{"id":"${BUSY}","time":1,"changes":[${"[".repeat(80)}${"]".repeat(80)}]}]}`;
  const proof = { secret: "instagram", form: "raw" } as const;
  return readDelivery(new TextEncoder().encode(body), {
    receivedAt: NOON,
    deliveryId: "delivery",
    proof,
  }).events.filter(({ kind }) => kind === "quarantine");
}

export async function tellStory(directory: TestDirectory): Promise<void> {
  const { core } = directory;
  const figures = { platform: "instagram", login: "instagram", sending: "on" } as const;
  core.registerAwake(BUSY, 3, {
    ...figures,
    connected: true,
    username: "nadia.bakes",
    openReplies: 4,
    lastEventAt: NOON,
  });
  core.registerAwake(QUIET, 1, { ...figures, connected: true, username: "northlight.studio", hold: "token" });
  core.visited(QUIET, { open: 0, generation: 1 });
  core.syncSummary(STRANGER, { lastEventAt: NOON });
  core.quarantine(unreadable());
  core.storeDeadLetters([
    { event: comment("c_dead"), attempts: 101 },
    { event: comment("c_redriven"), attempts: 101 },
  ]);
  const redriven = core.deadLetters({ limit: 10 }).items.find(({ eventId }) => eventId.endsWith("c_redriven"));
  await core.replayDeadLetter(redriven?.id ?? "");
  // Since version 2.
  await core.setKillSwitch({ since: NOON, reason: "A campaign went wrong." });
  core.trySignIn("198.51.100.7");
  // Since version 3.
  core.own(BUSY, ["app-scoped-1"]);
  core.createInvite({ id: "invite-1", login: "instagram", label: "Nadia", expiresAt: NOON + 86_400_000 });
  core.requestErasure({ code: "erasure-1", key: "key-1", kind: "deletion", subject: "1045872930164827" });
  core.recordQueue("replyline-events", { backlog: 12, oldestAt: NOON, at: NOON });
  // Since version 4.
  core.syncSummary(PARKED, { ...figures, connected: true });
  core.own(PARKED, ["app-scoped-2"]);
  core.forget(PARKED, "configuration");
  // Since version 5.
  core.syncSummary(QUIET, { sendAs: "112233445566778" });
  directory.now = SAVED_AT;
}
