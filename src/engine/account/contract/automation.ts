/** Versions of the automations, and a draft tried against captured events. */
import type { Decision } from "../../../core/automation/automation.ts";
import type { EventKind } from "../../../core/event.ts";

export type Versioned<T> = { version: number; updatedAt: number | null; items: T };

export interface BacktestRow {
  eventId: string;
  kind: EventKind;
  occurredAt: number;
  text: string | null;
  decision: Decision;
  /** The reply as it would read; null when it would not fire. */
  preview: string | null;
}

export interface Backtest {
  events: number;
  fired: number;
  /** How many events missed, by reason. */
  missed: Record<string, number>;
  rows: BacktestRow[];
}
