/** What could not be given to any account, tried once more: quarantined deliveries and dead letters. */
import type { MetaEvent } from "../../core/event.ts";
import { readDelivery } from "../../meta/reader/delivery.ts";
import { quarantinedBody } from "../../meta/reader/quarantine.ts";
import { describe } from "../log.ts";
import type { DirectoryPorts } from "./ports.ts";
import { findDeadLetter, markRedriven, pruneDeadLetters, waitingLetters } from "./tables/dead-letters.ts";
import { findQuarantined, markReplayed } from "./tables/quarantine.ts";

/** Replayed dead letters are kept for this long. */
const LETTERS_KEPT_MS = 30 * 86_400_000;
const REDRIVES = 200;

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
    const { results } = await ports.ingest(found.event.accountId, [found.event]);
    markRedriven(ports.sql, id, ports.now());
    return { result: results[0] ?? "duplicate" };
  } catch (error) {
    return { error: describe(error) };
  }
}

/** Tries every waiting letter once more: what kept it from its account has perhaps passed. Stops at the first failure. */
export async function redrive(ports: DirectoryPorts): Promise<{ redriven: number }> {
  pruneDeadLetters(ports.sql, ports.now() - LETTERS_KEPT_MS);
  let redriven = 0;
  for (const id of waitingLetters(ports.sql, REDRIVES)) {
    const answer = await replayDeadLetter(ports, id);
    if (answer === null || "error" in answer) break;
    redriven++;
  }
  return { redriven };
}

function byAccount(events: readonly MetaEvent[]): Map<string, MetaEvent[]> {
  return Map.groupBy(events, ({ accountId }) => accountId);
}
