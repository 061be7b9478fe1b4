/** An account's live feed. The rows come from the API and a WebSocket; the page is their frame. */
import { EVENT_KINDS } from "../../core/event.ts";
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame } from "../model.ts";
import { EVENT_LABELS } from "../labels.ts";
import { Icon } from "./icons.tsx";
import { Layout } from "./layout.tsx";
import { LiveIndicator } from "./indicators.tsx";

const OUTCOMES = [
  ["answered", "Automation triggered"],
  ["not_answered", "No automation triggered"],
  ["failed", "Reply failed"],
  ["duplicated", "Delivered more than once"],
  ["test", "App Dashboard tests"],
] as const;

export function FeedPage({ frame, account }: { frame: Frame; account: AccountDetail }) {
  return (
    <Layout frame={frame} title={`Live feed of ${nameOf(account)}`} page="feed" account={account}>
      <section class="feed" aria-label="Live feed">
        <form class="tools tools-feed" data-form="filter" role="search">
          <LiveIndicator />
          <select name="kind" aria-label="Kind of event">
            <option value="">All kinds</option>
            {EVENT_KINDS.filter((kind) => kind !== "quarantine").map((kind) => (
              <option value={kind}>{EVENT_LABELS[kind]}</option>
            ))}
          </select>
          <select name="outcome" aria-label="Outcome">
            <option value="">All outcomes</option>
            {OUTCOMES.map(([value, name]) => (
              <option value={value}>{name}</option>
            ))}
          </select>
          <label class="search">
            <Icon name="search" />
            <input type="search" name="search" placeholder="Text, name or id" aria-label="Search events" />
          </label>
          <button type="button" class="end" data-act="pause-feed" aria-pressed="false">
            Pause
          </button>
        </form>
        <div class="split">
          <p class="catch-up" data-part="waiting" hidden>
            <button type="button" class="primary" data-act="show-waiting" />
          </p>
          <div
            class="rows"
            data-part="rows"
            role="feed"
            aria-busy="true"
            aria-label="Events, newest first"
            tabindex={0}
          >
            <div class="skeleton" aria-hidden="true">
              {Array.from({ length: 8 }, () => (
                <i></i>
              ))}
            </div>
          </div>
          <aside class="detail" data-part="detail" aria-label="Selected event" tabindex={-1} hidden></aside>
        </div>
        <p class="visually-hidden" data-part="spoken" aria-live="polite"></p>
      </section>
    </Layout>
  );
}
