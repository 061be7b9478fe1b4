import type { AccountState } from "./contract.ts";
import { standing } from "./agenda.ts";
import { noteOf } from "./announce.ts";
import { laneStates } from "./pages.ts";
import type { AccountPorts } from "./ports.ts";
import { countEvents } from "./tables/events.ts";
import { countByState } from "./tables/replies.ts";
import { getValue } from "./tables/settings.ts";

/** The account at a glance: connection, settings, pace, counts. Without the token. */
export function accountState(ports: AccountPorts): AccountState {
  const { settings, hold } = standing(ports, ports.now());
  const { lastEventAt, lastReplyAt } = noteOf(ports);
  return {
    profile: getValue(ports.sql, "profile"),
    settings,
    hold,
    stop: getValue(ports.sql, "stop"),
    lanes: laneStates(ports),
    events: countEvents(ports.sql),
    replies: countByState(ports.sql),
    lastEventAt,
    lastReplyAt,
  };
}
