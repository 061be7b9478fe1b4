/** The account at a glance, above each of its pages. */
import { count, plural, span } from "../format.ts";
import { nameOf } from "../account-name.ts";
import type { AccountHead } from "../model.ts";
import { HOLD_WORDS } from "../words.ts";
import { Ago } from "./ago.tsx";
import { Pill } from "./pill.tsx";

export function AccountHeader({ account, now }: { account: AccountHead; now: number }) {
  const { state } = account;
  const lane = state.lanes.find(({ lane: name }) => name === "private");
  return (
    <header class="account">
      <div class="account-name">
        <div class="account-words">
          <h1>{nameOf(account)}</h1>
          <span class="muted mono">{account.id}</span>
          <span class="pills">
            <Pill tone={account.connected ? "good" : "bad"}>{account.connected ? "Connected" : "Not connected"}</Pill>
            {state.settings.sending === "paused" && <Pill tone="warn">Paused</Pill>}
            {state.settings.sending === "dry_run" && <Pill tone="warn">Dry run</Pill>}
            <TokenPill account={account} now={now} />
          </span>
        </div>
        {state.settings.sending === "on" ? (
          <button type="button" class="danger" data-act="pause">
            Stop sending
          </button>
        ) : (
          <button type="button" class="primary" data-act="unpause">
            {state.settings.sending === "dry_run" ? "End the dry run" : "Go on sending"}
          </button>
        )}
      </div>
      <dl class="facts">
        <div>
          <dt>Last event</dt>
          <dd>
            <Ago at={account.lastEventAt} now={now} fact="lastEventAt" />
          </dd>
        </div>
        <div>
          <dt>Last reply</dt>
          <dd>
            <Ago at={account.lastReplyAt} now={now} fact="lastReplyAt" />
          </dd>
        </div>
        <div>
          <dt>Events kept</dt>
          <dd data-fact="events">{count(state.events)}</dd>
        </div>
        <div>
          <dt>Open replies</dt>
          <dd data-fact="open">{count(state.replies.pending + state.replies.sending + state.replies.uncertain)}</dd>
        </div>
        {lane !== undefined && (
          <div class="fact-pace">
            <dt>Private replies this hour</dt>
            <dd>
              <meter
                min={0}
                max={lane.limit}
                high={lane.limit * 0.9}
                value={lane.used}
                data-fact="paceMeter"
                aria-label={`${lane.used} of ${lane.limit} used`}
              />
              <span data-fact="pace">{`${count(lane.used)} of ${count(lane.limit)}`}</span>
            </dd>
          </div>
        )}
      </dl>
      {state.hold !== null && (
        <p class="notice bad" role="alert">
          <strong>Nothing is sent.</strong> {HOLD_WORDS[state.hold.problem] ?? state.hold.reason}{" "}
          <span class="muted">
            ({state.hold.code}, since {span(now - state.hold.since)}
            {state.hold.until === null ? "" : `, tried again in ${span(state.hold.until - now)}`}). What waits is kept.
          </span>
        </p>
      )}
      {!account.connected && (
        <p class="notice">Without a token this account only captures: {plural(state.events, "event")} so far.</p>
      )}
    </header>
  );
}

const DAY_MS = 86_400_000;

export function TokenPill({
  account,
  now,
}: {
  account: Pick<AccountHead, "connected" | "tokenExpiresAt">;
  now: number;
}) {
  if (!account.connected || account.tokenExpiresAt === null) return null;
  const days = Math.floor((account.tokenExpiresAt - now) / DAY_MS);
  if (days < 0) return <Pill tone="bad">Token expired</Pill>;
  return <Pill tone={days < 10 ? "warn" : "plain"}>{`Token: ${plural(days, "day")} left`}</Pill>;
}
