/** Small parts of a page: a state, a time, the sign of the live connection. */
import type { Child } from "hono/jsx";
import { ago, iso, stamp } from "../format.ts";
import type { Tone } from "../send-status.ts";

/** A short state beside a name. The words say it; the colour only repeats it. */
export function Pill({ tone, children }: { tone: Tone; children?: Child }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

/** How long ago something was. The script lets it go on. */
export function Ago({ at, now, fact }: { at: number | null; now: number; fact?: string }) {
  const attributes = fact === undefined ? {} : { "data-fact": fact };
  if (at === null) return <span {...attributes}>never</span>;
  return (
    <time datetime={iso(at)} title={stamp(at)} data-ago={at} {...attributes}>
      {ago(at, now)}
    </time>
  );
}

/** A moment. The script puts it into the reader's zone. */
export function Moment({ at }: { at: number }) {
  return (
    <time datetime={iso(at)} title={stamp(at)} data-at={at}>
      {stamp(at)}
    </time>
  );
}

/** Whether the page hears of what happens. The script says it; clicked, it tries again at once. */
export function LiveIndicator() {
  return (
    <span class="live" data-live="connecting" role="status">
      <i></i>
      <span>Connecting</span>
    </span>
  );
}
