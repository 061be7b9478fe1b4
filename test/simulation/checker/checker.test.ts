/** Gives each rule of the checker a history that violates it, because a checker that never reports proves nothing. */
import { beforeEach, describe, expect, it } from "vitest";
import { commentItem, echoItem, type Item, messageItem, unsentItem } from "../meta/items.ts";
import type { Effect, MetaAccount, Prompt, Wanted } from "../meta/history.ts";
import type { Nemesis } from "../nemesis.ts";
import { StoragePool } from "../platform/storage.ts";
import { Prng } from "../prng.ts";
import { Scheduler } from "../scheduler.ts";
import { Tally } from "../tally.ts";
import { Trace } from "../trace.ts";
import { GUIDE, PRICE } from "../workload/automations.ts";
import { Stage } from "../workload/stage.ts";
import { World } from "../world.ts";
import { judge } from "./final-check.ts";
import type { Rule } from "./violation.ts";

const HOUR_MS = 3_600_000;
const NEVER: Nemesis = { pick: () => null };
const pool = new StoragePool();

let world: World;
let account: MetaAccount;
let now: number;

beforeEach(async () => {
  const scheduler = new Scheduler();
  const sim = { scheduler, prng: new Prng("checker"), nemesis: NEVER, tally: new Tally(), trace: new Trace() };
  world = new World(sim, pool);
  account = new Stage(world).account({ platform: "instagram", automations: [GUIDE, PRICE] });
  await scheduler.run(scheduler.now + 60_000);
  now = scheduler.now;
});

/** The rules that the history violates. */
function broken(): Rule[] {
  judge(world);
  return world.witness.violations.map(({ rule }) => rule);
}

const GUIDE_REPLY: Wanted = { automationId: "guide", way: "private_reply" };
const PRICE_REPLY: Wanted = { automationId: "price", way: "message" };

/** A comment that was delivered, is in the ledger, and should get a reply. */
function comment(id: string, more: Partial<Prompt> = {}): Prompt {
  const personId = `person_of_${id}`;
  const facts = {
    id,
    accountId: account.id,
    platform: account.platform,
    personId,
    mediaId: more.mediaId ?? "media",
    parentId: null,
    text: "guide please",
    at: now,
    live: false,
    own: false,
    ad: false,
  } as const;
  return tell({
    id,
    kind: "comment",
    personId,
    mediaId: "media",
    text: "guide please",
    wanted: [GUIDE_REPLY],
    items: [delivered(commentItem(facts, now))],
    windowEndsAt: now + 168 * HOUR_MS,
    ...more,
  });
}

function message(mid: string, more: Partial<Prompt> = {}): Prompt {
  const facts = { mid, accountId: account.id, platform: account.platform, personId: "person", text: "price", at: now };
  world.history.lastInbound.set(`${account.id} person`, now);
  return tell({
    id: mid,
    kind: "message",
    personId: "person",
    text: "price",
    wanted: [PRICE_REPLY],
    items: [delivered(messageItem(facts, false))],
    windowEndsAt: now + 24 * HOUR_MS,
    ...more,
  });
}

function tell(
  facts: Pick<Prompt, "id" | "kind" | "personId" | "text" | "wanted" | "items" | "windowEndsAt"> & Partial<Prompt>,
) {
  const prompt: Prompt = {
    accountId: account.id,
    mediaId: "",
    at: now,
    never: null,
    askedAt: null,
    goneAt: null,
    goneItem: null,
    effects: [],
    calls: 0,
    refusals: 0,
    firstCallAt: null,
    poison: null,
    ...facts,
  };
  world.history.tell(prompt);
  for (const item of prompt.items) {
    world.add(item);
    keep(item, '[{"automationId":"guide","fired":true},{"automationId":"price","fired":true}]');
  }
  return prompt;
}

/** Acknowledged, and ingested in this turn. */
function delivered(item: Item, turn = 10): Item {
  return { ...item, acknowledgedAt: now, receivedAt: now, ingested: { turn, at: now } };
}

function keep(item: Item, decisions = "[]"): void {
  world.account(account.id).storage.all(
    `INSERT INTO events (id, kind, field, object, occurred_at, received_at, delivery_id, proof_secret, proof_form, test,
       duplicates, blocked, decisions, person_id, about, raw)
     VALUES (?, ?, '', 'instagram', 0, 0, '', '', '', 0, 0, NULL, ?, NULL, ?, ?)`,
    [`event:${item.key}`, item.kinds[0] ?? "", decisions, item.about, item.raw],
  );
}

interface Row {
  state: string;
  reason?: string;
  wakeAt?: number;
  text?: string;
}

function ledger(prompt: Prompt, { state, reason, wakeAt, text }: Row): void {
  const [wanted] = prompt.wanted;
  world.account(account.id).storage.all(
    `INSERT INTO replies (id, event_id, automation_id, kind, lane, group_key, comment_id, recipient_id, about, person_id,
       message, text, reads, state, reason, created_at, due_at, expires_at, wake_at, attempts, failures, attempt_at,
       ambiguous, cancel_reason, sent_at, message_id, idempotency_key)
     VALUES (?, ?, ?, ?, 'private', '', ?, ?, ?, ?, '{}', ?, '[]', ?, ?, 0, 0, 0, ?, 1, 0, 0, 0, NULL, NULL, NULL, NULL)`,
    [
      `r_${prompt.id}`,
      `event:${prompt.id}`,
      wanted?.automationId ?? null,
      wanted?.way ?? "",
      prompt.kind === "comment" ? prompt.id : null,
      prompt.kind === "message" ? prompt.personId : null,
      prompt.id,
      prompt.personId,
      text ?? `for ${prompt.id}`,
      state,
      reason ?? null,
      wakeAt ?? null,
    ],
  );
}

/** The reply is visible at Meta. */
function effect(prompt: Prompt, more: Partial<Effect> = {}): Effect {
  const way = prompt.wanted[0]?.way ?? "message";
  const made: Effect = {
    way,
    replyId: `r_${prompt.id}`,
    at: now + 11_000,
    arrivedAt: now + 11_000,
    text: `for ${prompt.id}`,
    mid: "m",
    echoes: [],
    ...more,
  };
  prompt.effects.push(made);
  world.witness.happened(account.id, prompt, prompt.personId, made);
  return made;
}

/** Advances the scheduler's clock, which the witness reads. */
async function pass(ms: number): Promise<void> {
  world.sim.scheduler.after(ms, () => undefined);
  await world.sim.scheduler.run(world.sim.scheduler.now + ms);
}

/** The clock of turns is past what the history's items were ingested in. */
function later(): void {
  world.sim.scheduler.turn = Math.max(world.sim.scheduler.turn, 1_000_000);
}

describe("a correct history", () => {
  it("violates no rule", async () => {
    const prompt = comment("1");
    await pass(11_000);
    world.witness.handedOver(account.id, prompt, prompt.personId, "private_reply");
    world.witness.arrived(account.id, prompt, prompt.personId, "private_reply");
    effect(prompt);
    ledger(prompt, { state: "sent" });
    expect(broken()).toEqual([]);
  });
});

describe("LOST", () => {
  it("is an acknowledged event that is stored nowhere", () => {
    const facts = {
      mid: "mid_1",
      accountId: account.id,
      platform: "instagram",
      personId: "p",
      text: "",
      at: now,
    } as const;
    world.add(delivered(unsentItem(facts)));
    expect(broken()).toEqual(["LOST"]);
  });

  it("is not an event in the dead letters, unless the dead letter is marked as replayed", () => {
    const facts = {
      mid: "mid_1",
      accountId: account.id,
      platform: "instagram",
      personId: "p",
      text: "",
      at: now,
    } as const;
    const item = delivered(unsentItem(facts));
    world.add(item);
    const { storage } = world.directory;
    storage.all(
      `INSERT INTO dead_letters (id, account_id, event, kind, died_at, attempts, replayed_at)
       VALUES ('letter', ?, 'event', 'message_deleted', 0, 100, NULL)`,
      [account.id],
    );
    storage.all("INSERT INTO parts (owner, part, content) VALUES ('dead:letter', 0, ?)", [
      JSON.stringify({ raw: item.raw }),
    ]);
    expect(broken()).toEqual([]);
    storage.all("UPDATE dead_letters SET replayed_at = 1", []);
    expect(broken()).toEqual(["LOST"]);
  });
});

describe("UNDELIVERED", () => {
  it("is an event for which Meta never received a 200", () => {
    const facts = {
      mid: "mid_1",
      accountId: account.id,
      platform: "instagram",
      personId: "p",
      text: "",
      at: now,
    } as const;
    world.add({ ...unsentItem(facts), givenUp: true });
    expect(broken()).toEqual(["UNDELIVERED"]);
  });
});

describe("UNANSWERED", () => {
  it.each([
    ["waits although nothing is scheduled", { state: "pending", wakeAt: 1 }],
    ["stays in the middle of an attempt", { state: "sending", wakeAt: 1 }],
    ["is uncertain and due for a retry, but is not retried", { state: "uncertain", reason: "timeout", wakeAt: 1 }],
    ["is uncertain without a reason", { state: "uncertain" }],
    ["was cancelled for a deletion that did not happen", { state: "cancelled", reason: "comment_gone" }],
    ["was cancelled for a human reply that did not happen", { state: "cancelled", reason: "human_answered" }],
    ["expired while it could have been sent", { state: "expired", reason: "window_closed" }],
  ])("is a reply that %s", (_, row) => {
    ledger(comment("1"), row);
    expect(broken()).toEqual(["UNANSWERED"]);
  });

  it("is a comment with neither a reply nor a reason", () => {
    comment("1");
    expect(broken()).toEqual(["UNANSWERED"]);
  });
});

describe("DUPLICATED", () => {
  it("is a second private reply to a comment, with any text", () => {
    const prompt = comment("1");
    effect(prompt);
    effect(prompt, { text: "another text" });
    ledger(prompt, { state: "sent" });
    expect(broken()).toEqual(["DUPLICATED"]);
  });

  it("is a second message for one message and automation, but not one of a second automation", () => {
    const prompt = message("mid_1");
    effect(prompt);
    effect(prompt, { text: "hello, for mid_1" });
    ledger(prompt, { state: "sent" });
    expect(broken()).toEqual([]);
    effect(prompt);
    expect(broken()).toEqual(["DUPLICATED"]);
  });

  it("is one more message than in the ledger, if texts do not distinguish messages", () => {
    const prompt = message("mid_1");
    ledger(prompt, { state: "sent", text: "Our prices" });
    const made: Effect = {
      way: "message",
      replyId: null,
      at: now,
      arrivedAt: now,
      text: "Our prices",
      mid: "m",
      echoes: [],
    };
    world.witness.happened(account.id, null, prompt.personId, made);
    expect(broken()).toEqual([]);
    world.witness.happened(account.id, null, prompt.personId, made);
    expect(broken()).toEqual(["DUPLICATED"]);
  });
});

describe("EARLY", () => {
  it("is a call less than ten seconds after the receiver got the comment", async () => {
    const prompt = comment("1");
    await pass(9_999);
    world.witness.arrived(account.id, prompt, prompt.personId, "private_reply");
    await pass(1);
    world.witness.arrived(account.id, prompt, prompt.personId, "private_reply");
    expect(world.witness.violations.map(({ rule }) => rule)).toEqual(["EARLY"]);
  });
});

describe("OVER PACE", () => {
  it("is the 751st private reply within an hour", () => {
    account.privateArrivals = Array.from({ length: 750 }, (_, index) => now + index);
    account.privateArrivals.push(now + HOUR_MS);
    expect(broken()).toEqual([]);
    account.privateArrivals.push(now + HOUR_MS);
    expect(broken()).toEqual(["OVER PACE"]);
  });

  it("is the 101st message within a second", () => {
    const times = Array.from({ length: 101 }, (_, index) => now + 9 * index);
    account.handedOver.set("message", times);
    expect(broken()).toEqual(["OVER PACE"]);
  });
});

describe("IMPATIENT", () => {
  it("is a call before the time that a throttling error gave", async () => {
    const prompt = comment("1");
    world.witness.throttled(account.id, prompt, "private_reply", 60_000);
    await pass(30_000);
    world.witness.handedOver(account.id, prompt, prompt.personId, "private_reply");
    await pass(31_000);
    world.witness.handedOver(account.id, prompt, prompt.personId, "private_reply");
    expect(world.witness.violations.map(({ rule }) => rule)).toEqual(["IMPATIENT"]);
  });
});

describe("SENT AFTER CANCEL", () => {
  it("is a call for a message whose unsend was already in the ledger", () => {
    const facts = {
      mid: "mid_1",
      accountId: account.id,
      platform: "instagram",
      personId: "p",
      text: "",
      at: now,
    } as const;
    const prompt = message("mid_1", { goneAt: now, goneItem: delivered(unsentItem(facts), 20) });
    world.sim.scheduler.turn = 20;
    world.witness.handedOver(account.id, prompt, prompt.personId, "message");
    expect(world.witness.violations).toEqual([]);
    later();
    world.witness.handedOver(account.id, prompt, prompt.personId, "message");
    expect(world.witness.violations.map(({ rule }) => rule)).toEqual(["SENT AFTER CANCEL"]);
  });

  it("is a message to a person whom a human has answered, but not a public reply", () => {
    const prompt = message("mid_1");
    const facts = {
      mid: "mid_h",
      accountId: account.id,
      platform: "instagram",
      personId: "person",
      text: "",
      at: now,
    } as const;
    const item = delivered(echoItem(facts, "person", null, false), 20);
    world.history.humans.set(`${account.id} person`, [
      { accountId: account.id, personId: "person", at: now + 8_000, item },
    ]);
    later();
    world.witness.handedOver(account.id, prompt, "person", "public_reply");
    expect(world.witness.violations).toEqual([]);
    world.witness.handedOver(account.id, prompt, "person", "message");
    expect(world.witness.violations.map(({ rule }) => rule)).toEqual(["SENT AFTER CANCEL"]);
  });
});

describe("ORDER", () => {
  const ways = [
    { automationId: "guide", way: "private_reply" },
    { automationId: "guide", way: "public_reply" },
  ] as const;

  it("is a public reply before its private one, or right after it", () => {
    const prompt = comment("1", { wanted: ways });
    later();
    world.witness.arrived(account.id, prompt, "person", "public_reply");
    expect(world.witness.violations.map(({ rule }) => rule)).toContain("ORDER");
  });

  it("is not a public reply alone", () => {
    const prompt = comment("1", { wanted: [ways[1]] });
    later();
    world.witness.arrived(account.id, prompt, "person", "public_reply");
    expect(world.witness.violations.map(({ rule }) => rule)).not.toContain("ORDER");
  });
});

describe("SELF and UNWANTED", () => {
  it("are replies to events that must not be answered, and replies that no automation requests", async () => {
    const own = comment("1", { never: "own", wanted: [] });
    const other = comment("2", { wanted: [] });
    await pass(11_000);
    world.witness.arrived(account.id, own, own.personId, "private_reply");
    world.witness.arrived(account.id, other, other.personId, "private_reply");
    expect(broken()).toEqual(["SELF", "UNWANTED"]);
  });
});

describe("WINDOW", () => {
  it("is a call for a message from yesterday", async () => {
    const prompt = message("mid_1");
    await pass(24 * HOUR_MS);
    world.witness.arrived(account.id, prompt, prompt.personId, "message");
    expect(world.witness.violations.map(({ rule }) => rule)).toEqual(["WINDOW"]);
  });
});

describe("UNSETTLED", () => {
  it("is an uncertain reply whose echo is in the ledger", () => {
    const prompt = message("mid_1");
    const facts = {
      mid: "m",
      accountId: account.id,
      platform: "instagram",
      personId: "person",
      text: "for mid_1",
      at: now,
    } as const;
    const echo = echoItem(facts, "us", null, false);
    const made = effect(prompt, { echoes: [echo] });
    ledger(prompt, { state: "uncertain", reason: "timeout" });
    expect(broken()).toEqual([]);
    made.echoes[0] = delivered(echo);
    expect(broken()).toEqual(["UNSETTLED"]);
  });
});

describe("LIE", () => {
  it("is a reply that is marked as sent but is not visible at Meta", () => {
    ledger(comment("1"), { state: "sent" });
    expect(broken()).toEqual(["LIE"]);
  });

  it.each(["refused", "cancelled", "expired"])("is a reply that is %s although it was sent", (state) => {
    const prompt = comment("1", { refusals: 1, goneAt: now });
    account.outages.push({ from: now, to: now + 1_000 * HOUR_MS });
    effect(prompt);
    ledger(prompt, { state, reason: "comment_gone" });
    expect(broken()).toEqual(["LIE"]);
  });

  it("does not include a later reply to the same comment that was sent after the owner replayed the event", () => {
    const prompt = comment("1", { goneAt: now });
    effect(prompt, { replyId: "r_later" });
    ledger(prompt, { state: "cancelled", reason: "comment_gone" });
    expect(broken()).toEqual([]);
  });

  it("is a refusal that Meta never returned", () => {
    ledger(comment("1"), { state: "refused", reason: "551" });
    expect(broken()).toEqual(["LIE"]);
  });
});

describe("UNFAIR", () => {
  it("is a quiet post that waits until all comments on the viral post are answered", () => {
    const posts = [...Array.from({ length: 300 }, () => "viral"), ...Array.from({ length: 15 }, () => "quiet")];
    account.privateArrivals = posts.map((_, index) => now + 10_000 + index * 4_860);
    for (const [index, mediaId] of posts.entries()) {
      const firstCallAt = account.privateArrivals[index] ?? null;
      const prompt = comment(String(index), { mediaId, firstCallAt, calls: 1 });
      effect(prompt);
      ledger(prompt, { state: "sent" });
    }
    expect(broken()).toEqual(["UNFAIR"]);
  });
});

describe("INTERNAL", () => {
  it("is a failure that the code reports, unless the platform caused it", () => {
    const log = world.logOf(() => true);
    log("alarm_failed", { accountId: account.id, error: "Error: Network connection lost." });
    expect(world.witness.violations).toEqual([]);
    log("alarm_failed", { accountId: account.id, error: "TypeError: x is undefined" });
    expect(broken()).toEqual(["INTERNAL"]);
  });
});
