/** Times and figures as people read them. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../core/time.ts";

/** `now`, `12 s`, `4 min`, `3 h`, `2 d`: how long ago, or how far ahead. */
export function span(ms: number): string {
  const length = Math.abs(ms);
  if (length < 1_000) return "now";
  if (length < MINUTE_MS) return `${Math.floor(length / 1_000)} s`;
  if (length < HOUR_MS) return `${Math.floor(length / MINUTE_MS)} min`;
  if (length < 2 * DAY_MS) return `${Math.floor(length / HOUR_MS)} h`;
  return `${Math.floor(length / DAY_MS)} d`;
}

export const ago = (at: number | null, now: number): string => {
  if (at === null) return "never";
  const words = span(now - at);
  return words === "now" ? words : `${words} ago`;
};

/** `0:07`, `3:20`, `1:02:03`: what is left; `0:00` when nothing is. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const pad = (value: number): string => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

export const count = (value: number): string => value.toLocaleString("en");

/** `1 reply`, `2 replies`. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

export const iso = (at: number): string => new Date(at).toISOString();

/** `2026-11-22 08:31:07 UTC`. */
export const stamp = (at: number): string => `${iso(at).slice(0, 19).replace("T", " ")} UTC`;

const LOCAL: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "shortOffset",
};

/** `2026-11-22 09:31:07 GMT+1`: where the reader is, or in the zone that is given. */
export function localStamp(at: number, timeZone?: string): string {
  const format = new Intl.DateTimeFormat("en", timeZone === undefined ? LOCAL : { ...LOCAL, timeZone });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const zone = of("timeZoneName").replace(/^GMT(\+0)?$/, "UTC");
  return `${of("year")}-${of("month")}-${of("day")} ${of("hour")}:${of("minute")}:${of("second")} ${zone}`;
}
