/** Retries events that could not be delivered: quarantined deliveries and dead letters. */
import { DAY_MS } from "../../core/time.ts";
import type { MetaEvent, QueuedEvent } from "../../core/event.ts";
import { readDelivery } from "../../meta/reader/delivery.ts";
import { quarantinedBody, readQuarantined } from "../../meta/reader/quarantine.ts";
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
import { findQuarantined, insertQuarantined, markReplayed } from "./tables/quarantine.ts";
import { getState, setState } from "./tables/state.ts";

/** Replayed dead letters are kept for this long. */
const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;
const REDRIVE_EVERY_MS = 3_600_000;
/** Maximum duration of one call. */
const REDRIVE_MS = 20_000;
const REDRIVE_LEASE_MS = 300_000;
const DEAD_LETTERS_PER_CALL = 25;
/** If an account refuses this many dead letters in a row, it counts as unreachable. */
const GIVE_UP_AFTER = 3;

/**
 * Parses the stored body again with the current code and delivers its events to their accounts. Of a delivery with too
 * many updates, what is still unread becomes a new item. Null: no such item.
 */
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
  for (const each of events) if (isTooMany(each)) insertQuarantined(ports.sql, each);
  if (readable.length > 0) markReplayed(ports.sql, id, ports.now());
  return { events: readable.length, stillUnreadable: events.length - readable.length };
}

const isTooMany = (event: MetaEvent): boolean =>
  event.kind === "quarantine" && readQuarantined(event.raw)?.reason === "too_many";

/** Delivers the event to its account again. Null: no such dead letter. */
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
 * Retries every waiting dead letter, an hour after the last round, because the cause may be gone. Accounts are handled
 * one after the other, so that a failing account does not block the others. A long round continues in the next minute.
 */
export async function redrive(ports: DirectoryPorts): Promise<{ redriven: number }> {
  const { sql } = ports;
  const beganAt = ports.now();
  const round = getState(sql, "redrive") ?? { dueAt: 0, after: "" };
  if (beganAt < round.dueAt) return { redriven: 0 };
  // A round that dies is continued after the lease.
  setState(sql, "redrive", { ...round, dueAt: beganAt + REDRIVE_LEASE_MS });
  pruneDeadLetters(sql, beganAt - DEAD_LETTER_RETENTION_MS);
  const until = beganAt + REDRIVE_MS;
  let redriven = 0;
  let { after } = round;
  for (;;) {
    const accountId = nextWithDeadLetters(sql, after);
    if (accountId === null) break;
    const { taken, whole } = await redriveAccount(ports, accountId, until);
    redriven += taken;
    // An account that accepts nothing is skipped, even if it responded late.
    if (whole || taken === 0) after = accountId;
    if (ports.now() >= until) {
      setState(sql, "redrive", { dueAt: ports.now(), after });
      return { redriven };
    }
  }
  setState(sql, "redrive", { dueAt: beganAt + REDRIVE_EVERY_MS, after: "" });
  return { redriven };
}

/**
 * Retries an account's dead letters, oldest first.
 * @returns how many it accepted, and whether all were tried
 */
async function redriveAccount(
  ports: DirectoryPorts,
  accountId: string,
  until: number,
): Promise<{ taken: number; whole: boolean }> {
  let taken = 0;
  let seq = 0;
  while (ports.now() < until) {
    const deadLetters = waitingDeadLetters(ports.sql, accountId, seq, DEAD_LETTERS_PER_CALL);
    const last = deadLetters.at(-1);
    if (last === undefined) return { taken, whole: true };
    seq = last.seq;
    const ready = (await Promise.all(deadLetters.map(({ id, event }) => withContent(ports, id, event)))).filter(
      (deadLetter) => deadLetter !== null,
    );
    const delivered = await deliver(ports, accountId, ready);
    taken += delivered;
    // None of several was accepted: the account is unreachable, not one dead letter wrong.
    if (delivered === 0 && ready.length > 1) return { taken, whole: true };
  }
  return { taken, whole: false };
}

type ReadyDeadLetter = { id: string; event: MetaEvent };

/**
 * Delivers all in one call. If that fails, one by one, so that a dead letter that the account never accepts does not
 * block the others.
 * @returns how many were delivered
 */
async function deliver(
  ports: DirectoryPorts,
  accountId: string,
  deadLetters: readonly ReadyDeadLetter[],
): Promise<number> {
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
      taken += await deliver(ports, accountId, [deadLetter]);
      if (taken === 0 && index >= GIVE_UP_AFTER) return 0;
    }
    return taken;
  }
  for (const { id } of deadLetters) markRedriven(ports.sql, id, ports.now());
  return deadLetters.length;
}

/**
 * Null: nothing to deliver, because the event was already delivered, or its content is not available now. Without its
 * content the event would be stored, and Meta's own redelivery would count as a duplicate.
 */
async function withContent(ports: DirectoryPorts, id: string, queued: QueuedEvent): Promise<ReadyDeadLetter | null> {
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
