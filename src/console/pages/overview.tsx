/** All accounts with their state and their last 24 hours. */
import { nameOf } from "../account-name.ts";
import { count, plural } from "../format.ts";
import type { Day } from "../../api/feed.ts";
import type { Frame, Overview, OverviewAccount } from "../model.ts";
import { accountPath } from "../paths.ts";
import { tokenPill } from "../send-status.ts";
import { Ago, Pill } from "./indicators.tsx";
import { Bars, Chart } from "./chart.tsx";
import { dayOfAll, totalOf } from "./day.ts";
import { Icon } from "./icons.tsx";
import { Layout } from "./layout.tsx";

export function OverviewPage({ frame, overview }: { frame: Frame; overview: Overview }) {
  const { accounts, counts, search, nextCursor, killSwitch } = overview;
  const day = dayOfAll(accounts.map(({ hours }) => hours));
  return (
    <Layout frame={frame} title="Overview" page="overview">
      <header class="head">
        <h1>Overview</h1>
        <div class="head-tools">
          <form class="search" method="get" action="/console" role="search">
            <Icon name="search" />
            <input type="search" name="search" value={search} placeholder="Name or id" aria-label="Search accounts" />
          </form>
          <a class="button" href="/connect">
            Connect an account
          </a>
        </div>
      </header>
      <section class="tiles" aria-label="The last 24 hours">
        <Tile name="Accounts" value={count(counts.accounts)} note={`${count(counts.connected)} connected`} />
        {accounts.length > 0 && <DayTile name="Events, last 24 hours" of="events" day={day} />}
        {accounts.length > 0 && <DayTile name="Replies, last 24 hours" of="replies" day={day} />}
        <Tile
          name="Failed events"
          value={count(frame.failedEvents.quarantined + frame.failedEvents.deadLetters)}
          note={`${count(frame.failedEvents.quarantined)} in quarantine, ${plural(frame.failedEvents.deadLetters, "dead letter")}`}
          href="/console/failed-events"
          alarming={frame.failedEvents.deadLetters > 0}
        />
      </section>
      {frame.stop !== null && killSwitch.acknowledged < killSwitch.accounts && (
        <p class="notice">{`${count(killSwitch.acknowledged)} of ${count(killSwitch.accounts)} accounts have acknowledged the pause. The others follow within two minutes.`}</p>
      )}
      {accounts.length === 0 ? (
        <NoAccounts search={search} />
      ) : (
        <ul class="accounts">
          {accounts.map((account) => (
            <AccountRow account={account} now={frame.now} />
          ))}
        </ul>
      )}
      {nextCursor !== null && (
        <p class="more">
          <a
            class="button"
            href={`/console?search=${encodeURIComponent(search)}&cursor=${encodeURIComponent(nextCursor)}`}
          >
            More accounts
          </a>
        </p>
      )}
    </Layout>
  );
}

interface DayTileProps {
  name: string;
  of: "events" | "replies";
  /** Null: no account has answered. */
  day: Day["hours"] | null;
}

function DayTile({ name, of, day }: DayTileProps) {
  return (
    <div class="tile day">
      <span class="tile-name">{name}</span>
      <span class="tile-value">{day === null ? "–" : count(totalOf(day, of))}</span>
      <div class="chart">{day !== null && <Bars hours={day} of={of} label={name} />}</div>
      <span class="muted">{day === null ? "No account responded." : dayNote(of, day)}</span>
    </div>
  );
}

function dayNote(of: "events" | "replies", day: Day["hours"]): string {
  if (of === "events") return `${plural(totalOf(day, "duplicates"), "duplicate")} dropped`;
  const failed = totalOf(day, "failed");
  return `${count(totalOf(day, "sent"))} sent${failed > 0 ? `, ${count(failed)} failed` : ""}`;
}

function AccountRow({ account, now }: { account: OverviewAccount; now: number }) {
  const token = account.connected ? tokenPill(account.tokenExpiresAt, now) : null;
  return (
    <li class="account-row">
      <div class="account-row-name">
        <a href={accountPath(account.id)}>{nameOf(account)}</a>
        <span class="muted mono">{account.id}</span>
        <span class="pills">
          <Health account={account} />
          {token !== null && <Pill tone={token.tone}>{token.label}</Pill>}
          {account.sending === "paused" && <Pill tone="warn">Paused</Pill>}
          {account.sending === "dry_run" && <Pill tone="warn">Dry run</Pill>}
        </span>
      </div>
      <dl class="facts">
        <div>
          <dt>Last event</dt>
          <dd>
            <Ago at={account.lastEventAt} now={now} />
          </dd>
        </div>
        <div>
          <dt>Last reply</dt>
          <dd>
            <Ago at={account.lastReplyAt} now={now} />
          </dd>
        </div>
        <div>
          <dt>Open replies</dt>
          <dd>{count(account.openReplies)}</dd>
        </div>
        <div>
          <dt>Dead letters</dt>
          <dd class={account.deadLetters > 0 ? "bad" : ""}>{count(account.deadLetters)}</dd>
        </div>
      </dl>
      <div class="account-row-day">
        {account.hours === null ? (
          <p class="muted">Could not be loaded</p>
        ) : (
          <>
            <Chart hours={account.hours} of="events" label="events" />
            <Chart hours={account.hours} of="replies" label="replies" />
          </>
        )}
      </div>
    </li>
  );
}

function Health({ account }: { account: OverviewAccount }) {
  if (account.hold !== null) {
    const labels = { token: "Token invalid", permission: "Permission missing", blocked: "Blocked by Meta" };
    return <Pill tone="bad">{labels[account.hold as keyof typeof labels] ?? account.hold}</Pill>;
  }
  if (!account.connected) return <Pill tone="bad">Not connected</Pill>;
  return <Pill tone="good">{account.platform === "page" ? "Page" : "Instagram"}</Pill>;
}

interface TileProps {
  name: string;
  value: string;
  note: string;
  href?: string;
  alarming?: boolean;
}

function Tile({ name, value, note, href, alarming = false }: TileProps) {
  const content = (
    <>
      <span class="tile-name">{name}</span>
      <span class={`tile-value${alarming ? " bad" : ""}`}>{value}</span>
      <span class="muted">{note}</span>
    </>
  );
  return href === undefined ? (
    <div class="tile">{content}</div>
  ) : (
    <a class="tile" href={href}>
      {content}
    </a>
  );
}

function NoAccounts({ search }: { search: string }) {
  return search === "" ? (
    <div class="empty">
      <h2>No account yet</h2>
      <p>
        An account appears here when you connect it, or with its first webhook event. The doctor shows what is missing
        in your setup.
      </p>
      <a class="button" href="/console/doctor">
        Open the doctor
      </a>
    </div>
  ) : (
    <div class="empty">
      <h2>No account matches “{search}”</h2>
      <a class="button" href="/console">
        All accounts
      </a>
    </div>
  );
}
