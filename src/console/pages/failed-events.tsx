/** Events that could not be parsed or delivered: listed, replayed or deleted manually. */
import { count } from "../format.ts";
import type { Frame } from "../model.ts";
import { Layout } from "./layout.tsx";

export function FailedEventsPage({ frame }: { frame: Frame }) {
  return (
    <Layout frame={frame} title="Failed events" page="failed-events">
      <header class="head">
        <h1>Failed events</h1>
      </header>
      <p class="muted lead">
        Events we could not parse (Quarantine) or deliver to their account (Dead letters). Deliveries are retried every
        hour.
      </p>
      <div class="tabs-bar">
        <div class="tabs" role="tablist" aria-label="Failed events" data-part="tabs">
          <button
            type="button"
            role="tab"
            id="tab-quarantine"
            aria-controls="failed-events"
            aria-selected="false"
            tabindex={-1}
            data-list="quarantine"
          >
            Quarantine <span class="count">{count(frame.failedEvents.quarantined)}</span>
          </button>
          <button
            type="button"
            role="tab"
            id="tab-dead-letters"
            aria-controls="failed-events"
            aria-selected="false"
            tabindex={-1}
            data-list="dead-letters"
          >
            Dead letters <span class="count">{count(frame.failedEvents.deadLetters)}</span>
          </button>
        </div>
      </div>
      <section id="failed-events" class="failed-events" role="tabpanel" aria-busy="true" data-part="failed-events">
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 3 }, () => (
            <i></i>
          ))}
        </div>
      </section>
    </Layout>
  );
}
