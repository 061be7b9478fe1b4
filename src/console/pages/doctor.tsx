import type { Frame } from "../model.ts";
import { Layout } from "./layout.tsx";

/** The checks of the whole setup, run on request. */
export function DoctorPage({ frame }: { frame: Frame }) {
  return (
    <Layout frame={frame} title="Doctor" page="doctor">
      <header class="head">
        <h1>Doctor</h1>
        <button type="button" data-act="examine">
          Run checks again
        </button>
      </header>
      <p class="muted lead">Checks every step from Meta to a reply. For each problem it says what to do.</p>
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
