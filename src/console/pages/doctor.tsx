import type { Frame } from "../model.ts";
import { Layout } from "./layout.tsx";

/** Every link of the set-up, checked when asked. */
export function DoctorPage({ frame }: { frame: Frame }) {
  return (
    <Layout frame={frame} title="Doctor" page="doctor">
      <header class="head">
        <h1>Doctor</h1>
        <button type="button" data-act="examine">
          Examine again
        </button>
      </header>
      <p class="muted lead">
        Every link between Meta and a reply, checked one by one; what is missing is named, with its remedy.
      </p>
      <section class="doctor" data-part="doctor" aria-busy="true" aria-live="polite" aria-label="Findings">
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 5 }, () => (
            <i></i>
          ))}
        </div>
      </section>
    </Layout>
  );
}
