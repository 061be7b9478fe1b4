/** Stores each event exactly once, even if the queue delivers it several times. */
import type { MetaEvent } from "../../../core/event.ts";
import { understand } from "./own-comments.ts";
import { describe } from "../../log.ts";
import { evaluate } from "./evaluate.ts";
import { applySideEffects } from "./side-effects.ts";
import { isErased } from "../erasure.ts";
import type { AccountPorts } from "../ports.ts";
import { insertEvent, setDecisions } from "../tables/events.ts";

/**
 * Stores the new events, and applies each one. All events share one transaction: after it, an event is stored with its
 * replies, or not stored at all.
 *
 * @returns for each event, in order, whether it was new
 */
export function ingest(ports: AccountPorts, accountId: string, events: readonly MetaEvent[]): ("new" | "duplicate")[] {
  return ports.sql.transaction(() => events.map((event) => take(ports, accountId, event)));
}

function take(ports: AccountPorts, accountId: string, event: MetaEvent): "new" | "duplicate" {
  const understood = understand(ports, event);
  const { subject } = understood;
  if (isErased(ports, accountId, event, subject)) {
    ports.log("erased_event_refused", { accountId });
    return "duplicate";
  }
  ports.changed?.({ eventId: event.id });
  if (!insertEvent(ports.sql, event, subject)) return "duplicate";
  try {
    const label = applySideEffects(ports, accountId, event, understood);
    evaluate(ports, accountId, event, label === null ? subject : { ...subject, blocked: label });
  } catch (error) {
    // A bug of ours in reading one event must not keep the others out. It is stored, says so, and can be replayed.
    ports.log("ingest_failed", { accountId, eventId: event.id, error: describe(error) });
    setDecisions(ports.sql, event.id, "unreadable", []);
  }
  return "new";
}
