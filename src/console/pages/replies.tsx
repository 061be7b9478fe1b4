/** The replies of an account, by state. */
import { REPLY_STATES } from "../../core/reply/reply.ts";
import { count } from "../format.ts";
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame } from "../model.ts";
import { STATE_MEANINGS, STATE_LABELS } from "../labels.ts";
import { Layout } from "./layout.tsx";
import { LiveIndicator } from "./indicators.tsx";

export function RepliesPage({ frame, account }: { frame: Frame; account: AccountDetail }) {
  return (
    <Layout frame={frame} title={`Replies of ${nameOf(account)}`} page="replies" account={account}>
      <div class="tabs-bar">
        <div class="tabs" role="tablist" aria-label="Replies by state" data-part="tabs">
          {REPLY_STATES.map((state) => (
            <button
              type="button"
              role="tab"
              id={`tab-${state}`}
              aria-controls="replies"
              aria-selected="false"
              tabindex={-1}
              data-state={state}
              data-meaning={STATE_MEANINGS[state]}
            >
              <i class={`dot ${state}`}></i>
              {STATE_LABELS[state]} <span class="count">{count(account.state.replies[state])}</span>
            </button>
          ))}
        </div>
        <LiveIndicator />
      </div>
      <section id="replies" class="replies" role="tabpanel" aria-busy="true" data-part="replies">
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 4 }, () => (
            <i></i>
          ))}
        </div>
      </section>
      <p class="visually-hidden" data-part="spoken" aria-live="polite"></p>
    </Layout>
  );
}
