import { ago, iso, stamp } from "../format.ts";

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
