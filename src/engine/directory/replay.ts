/** What could not be given to any account, tried once more: quarantined deliveries and dead letters. */
import { DAY_MS } from "../../core/time.ts";
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { readDelivery } from "../../meta/reader/delivery.ts";
import { quarantinedBody } from "../../meta/reader/quarantine.ts";
import { AlreadyDelivered } from "../consumer/unpack.ts";
import { describe } from "../log.ts";
import type { DirectoryPorts } from "./ports.ts";
import {
  findDeadLetter,
  markRedriven,
  nextWithDeadLetters,
  pruneDeadLetters,
  waitingDeadLetters,
} from "./tables/dead-letters.ts";
import { findQuarantined, markReplayed } from "./tables/quarantine.ts";
import { getState, setState } from "./tables/state.ts";

/** Replayed dead letters are kept for this long. */
const LETTERS_KEPT_MS = 30 * DAY_MS;
const REDRIVE_EVERY_MS = 3_600_000;
/** How long one call goes on. */
const REDRIVE_MS = 20_000;
const REDRIVE_LEASE_MS = 300_000;
const LETTERS_A_CALL = 25;
/** So many letters in a row that are not taken: the account cannot be reached. */
const GIVE_UP_AFTER = 3;

/** Reads the kept body again with today's reader and hands its events to their accounts. Null: no such item. */
export async function replayQuarantined(
  ports: DirectoryPorts,
  id: string,
): Promise<{ events: number; stillUnreadable: number } | null> {
  const found = findQuarantined(ports.sql, id);
  if (found === null) return null;
  const { event } = found;
  const body = quarantinedBody(event);
  if (body === null) return { events: 0, stillUnreadable: 1 };
  const { receivedAt, deliveryId, proof } = event;
  const { events } = readDelivery(body, { receivedAt, deliveryId, proof });
  const readable = events.filter(({ kind }) => kind !== "quarantine");
  for (const [accountId, own] of byAccount(readable)) await ports.ingest(accountId, own);
  if (readable.length > 0) markReplayed(ports.sql, id, ports.now());
  return { events: readable.length, stillUnreadable: events.length - readable.length };
}

/** Hands the event to its account once more. Null: no such letter. */
export async function replayDeadLetter(
  ports: DirectoryPorts,
  id: string,
): Promise<{ result: "new" | "duplicate" } | { error: string } | null> {
  const found = findDeadLetter(ports.sql, id);
  if (found === null) return null;
  try {
    const event = await ports.unpack(found.event);
    const { results } = await ports.ingest(event.accountId, [event]);
    markRedriven(ports.sql, id, ports.now());
    return { result: results[0] ?? "duplicate" };
  } catch (error) {
    return { error: describe(error) };
  }
}

/**
 * Tries every waiting letter once more, an hour after the last time: what kept it from its account has perhaps passed. One
 * account after the other, so that one that fails keeps nobody else's letters; a call that takes long leaves the rest to
 * the next minute.
 */
export async function redrive(ports: DirectoryPorts): Promise<{ redriven: number }> {
  const { sql } = ports;
  const beganAt = ports.now();
  const round = getState(sql, "redrive") ?? { dueAt: 0, after: "" };
  if (beganAt < round.dueAt) return { redriven: 0 };
  // A call that dies is taken up again.
  setState(sql, "redrive", { ...round, dueAt: beganAt + REDRIVE_LEASE_MS });
  pruneDeadLetters(sql, beganAt - LETTERS_KEPT_MS);
  const until = beganAt + REDRIVE_MS;
  let redriven = 0;
  let { after } = round;
  for (;;) {
    const accountId = nextWithDeadLetters(sql, after);
    if (accountId === null) break;
    const { taken, whole } = await redriveAccount(ports, accountId, until);
    redriven += taken;
    // One that takes nothing is not waited for, however long it has taken to say so.
    if (whole || taken === 0) after = accountId;
    if (ports.now() >= until) {
      setState(sql, "redrive", { dueAt: ports.now(), after });
      return { redriven };
    }
  }
  setState(sql, "redrive", { dueAt: beganAt + REDRIVE_EVERY_MS, after: "" });
  return { redriven };
}

/** An account's letters, the oldest first. @returns how many it took, and whether all of them were tried */
async function redriveAccount(
  ports: DirectoryPorts,
  accountId: string,
  until: number,
): Promise<{ taken: number; whole: boolean }> {
  let taken = 0;
  let seq = 0;
  while (ports.now() < until) {
    const deadLetters = waitingDeadLetters(ports.sql, accountId, seq, LETTERS_A_CALL);
    const last = deadLetters.at(-1);
    if (last === undefined) return { taken, whole: true };
    seq = last.seq;
    const ready = (await Promise.all(deadLetters.map(({ id, event }) => withContent(ports, id, event)))).filter(
      (deadLetter) => deadLetter !== null,
    );
    const delivered = await handOver(ports, accountId, ready);
    taken += delivered;
    // None of so many: it is the account that cannot be reached, and not a letter that it does not take.
    if (delivered === 0 && ready.length > 1) return { taken, whole: true };
  }
  return { taken, whole: false };
}

type Letter = { id: string; event: MetaEvent };

/** All in one call; where that fails, one by one: a letter that the account never takes keeps only itself. @returns how many */
async function handOver(ports: DirectoryPorts, accountId: string, deadLetters: readonly Letter[]): Promise<number> {
  if (deadLetters.length === 0) return 0;
  try {
    await ports.ingest(
      accountId,
      deadLetters.map(({ event }) => event),
    );
  } catch {
    if (deadLetters.length === 1) return 0;
    let taken = 0;
    for (const [index, deadLetter] of deadLetters.entries()) {
      taken += await handOver(ports, accountId, [deadLetter]);
      if (taken === 0 && index >= GIVE_UP_AFTER) return 0;
    }
    return taken;
  }
  for (const { id } of deadLetters) markRedriven(ports.sql, id, ports.now());
  return deadLetters.length;
}

/** Null: there is nothing to hand over, because it has arrived already, or its content cannot be had now. Without it the event would count as taken in, and Meta's own copy as a duplicate. */
async function withContent(ports: DirectoryPorts, id: string, queued: QueuedEvent): Promise<Letter | null> {
  try {
    return { id, event: await ports.unpack(queued) };
  } catch (error) {
    if (error instanceof AlreadyDelivered) markRedriven(ports.sql, id, ports.now());
    return null;
  }
}

function byAccount(events: readonly MetaEvent[]): Map<string, MetaEvent[]> {
  return Map.groupBy(events, ({ accountId }) => accountId);
}
