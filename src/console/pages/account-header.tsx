/** The account's summary at the top of each of its pages. */
import { count, span } from "../format.ts";
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";

import { noticesOf, pillsOf, type SendStatus, switchOf } from "../send-status.ts";
import { Ago, Pill } from "./indicators.tsx";

interface HeaderProps {
  account: AccountDetail;
  sendStatus: SendStatus;
  now: number;
}

export function AccountHeader({ account, sendStatus, now }: HeaderProps) {
  const { state } = account;
  const { act, look, label } = switchOf(sendStatus.sending);
  const lane = state.lanes.find(({ lane: name }) => name === "private");
  return (
    <header class="account">
      <div class="account-name">
        <div class="account-title">
          <h1>{nameOf(account)}</h1>
          <span class="muted mono">{account.id}</span>
          <span class="pills" data-part="pills">
            {pillsOf(sendStatus, now).map((pill) => (
              <Pill tone={pill.tone}>{pill.label}</Pill>
            ))}
          </span>
        </div>
        <button type="button" class={look} data-act={act} data-part="switch">
          {label}
        </button>
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
          <dt>Events stored</dt>
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
      <Notices sendStatus={sendStatus} now={now} alone={false} />
    </header>
  );
}

/** Why the account does not send. @param alone the page has no account header */
export function Notices({ sendStatus, now, alone }: { sendStatus: SendStatus; now: number; alone: boolean }) {
  return (
    <div class="notices" data-part="notices">
      {noticesOf(sendStatus, alone).map(({ tone, strong, text, hold }) => (
        <p class={`notice ${tone}`}>
          <span {...(tone === "bad" ? { role: "alert" as const } : {})}>
            {strong !== null && (
              <>
                <strong>{strong}</strong>{" "}
              </>
            )}
            {text}
          </span>
          {hold !== null && (
            <>
              {" "}
              <span class="muted">
                (code {hold.code}, for {span(now - hold.since)}
                {hold.until === null ? "" : `, next attempt in ${span(hold.until - now)}`}). Waiting replies are kept.
              </span>
            </>
          )}
        </p>
      ))}
    </div>
  );
}
