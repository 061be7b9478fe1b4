/** Shows what a draft would have done with the stored events. Writes nothing. */
import type { Automation } from "../../../core/automation/automation.ts";
import { evaluateDraft } from "./evaluate.ts";
import type { Backtest } from "../../../api/automation.ts";
import type { AccountPorts } from "../ports.ts";
import { listEvents } from "../tables/events.ts";

/** Rows in the result. The counts include every event. */
const ROWS = 200;

/** @param limit how many of the newest events are used */
export function backtest(ports: AccountPorts, accountId: string, draft: Automation, limit: number): Backtest {
  const events = listEvents(ports.sql, accountId, { kind: null, before: Number.MAX_SAFE_INTEGER, limit });
  const missed: Record<string, number> = {};
  const rows: Backtest["rows"] = [];
  let fired = 0;
  for (const event of events) {
    const { subject, verdict } = evaluateDraft(ports, accountId, event, { ...draft, enabled: true });
    if (verdict === null) continue;
    if (verdict.fired) fired++;
    else missed[verdict.reason] = (missed[verdict.reason] ?? 0) + 1;
    // Events of another kind would fill the list without useful information.
    if (rows.length >= ROWS || (!verdict.fired && verdict.reason === "other_trigger")) continue;
    const first = verdict.fired ? verdict.replies[0] : undefined;
    rows.push({
      eventId: event.id,
      kind: event.kind,
      occurredAt: event.occurredAt,
      text: subject.text,
      decision: verdict.fired ? { automationId: draft.id, fired: true, replyIds: [] } : verdict,
      preview: first?.content.text ?? null,
    });
  }
  return { events: events.length, fired, missed, rows };
}
