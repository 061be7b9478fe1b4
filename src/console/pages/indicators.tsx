/** Small parts of a page: a state, a time, the sign of the live connection. */
import type { Child } from "hono/jsx";
import { ago, iso, stamp } from "../format.ts";
import type { Tone } from "../send-status.ts";

/** A short state next to a name. The text says it; the color only repeats it. */
export function Pill({ tone, children }: { tone: Tone; children?: Child }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

/** How long ago something happened. The script keeps it up to date. */
export function Ago({ at, now, fact }: { at: number | null; now: number; fact?: string }) {
  const attributes = fact === undefined ? {} : { "data-fact": fact };
  if (at === null) return <span {...attributes}>never</span>;
  return (
    <time datetime={iso(at)} title={stamp(at)} data-ago={at} {...attributes}>
      {ago(at, now)}
    </time>
  );
}

/** A point in time. The script converts it to the reader's time zone. */
export function Moment({ at }: { at: number }) {
  return (
    <time datetime={iso(at)} title={stamp(at)} data-at={at}>
      {stamp(at)}
    </time>
  );
}

/** The state of the live connection, set by the script. A click reconnects at once. */
export function LiveIndicator() {
  return (
    <span class="live" data-live="connecting" role="status">
      <i></i>
      <span>Connecting</span>
    </span>
  );
}
