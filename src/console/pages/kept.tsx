/** What could not be read, and what could not be delivered: kept, shown, replayed or thrown away by hand. */
import { count } from "../format.ts";
import type { Frame } from "../model.ts";
import { Layout } from "./layout.tsx";

export function KeptPage({ frame }: { frame: Frame }) {
  return (
    <Layout frame={frame} title="Kept aside" page="kept">
      <header class="head">
        <h1>Kept aside</h1>
      </header>
      <p class="muted lead">
        Nothing signed by Meta is dropped. What could not be read waits here as it came; what could not be given to its
        account waits here too, and is tried again every hour.
      </p>
      <div class="tabs-bar">
        <div class="tabs" role="tablist" aria-label="Kept aside" data-part="tabs">
          <button
            type="button"
            role="tab"
            id="tab-quarantine"
            aria-controls="kept"
            aria-selected="false"
            tabindex={-1}
            data-list="quarantine"
          >
            Quarantine <span class="count">{count(frame.kept.quarantined)}</span>
          </button>
          <button
            type="button"
            role="tab"
            id="tab-dead-letters"
            aria-controls="kept"
            aria-selected="false"
            tabindex={-1}
            data-list="dead-letters"
          >
            Dead letters <span class="count">{count(frame.kept.deadLetters)}</span>
          </button>
        </div>
      </div>
      <section id="kept" class="kept" role="tabpanel" aria-busy="true" data-part="kept">
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 3 }, () => (
            <i></i>
          ))}
        </div>
      </section>
    </Layout>
  );
}
