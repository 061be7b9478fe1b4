import type { Child } from "hono/jsx";
import type { Tone } from "../send-status.ts";

/** A short state beside a name. The words say it; the colour only repeats it. */
export function Pill({ tone, children }: { tone: Tone; children?: Child }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}
