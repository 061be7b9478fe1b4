import type { Sql } from "../storage/sql.ts";
import { getState, setState } from "./tables/state.ts";

/** After an hour of failed deliveries Meta takes subscriptions away (Messenger Platform, Webhooks). */
const SILENCE_MS = 3_600_000;

/**
 * Notes that an event has arrived somewhere. The first after more than an hour in which no account had one may be the end
 * of an outage: then every account's subscription is compared. A deployment that is merely quiet at night pays one read
 * an account for it.
 */
export function detectOutage(sql: Sql, lastEventAt: number | null | undefined): void {
  if (lastEventAt == null) return;
  const before = getState(sql, "pulse")?.eventAt ?? null;
  if (before !== null && lastEventAt <= before) return;
  setState(sql, "pulse", { eventAt: lastEventAt });
  if (before !== null && lastEventAt - before > SILENCE_MS) setState(sql, "audit", { cursor: "" });
}
