/** Whether an account may send, and what the pages and the script say of it: one text for both. */
import { DAY_MS } from "../core/time.ts";
import { plural } from "./format.ts";
import { HOLD_LABELS } from "./labels.ts";

export interface SendStatus {
  connected: boolean;
  tokenExpiresAt: number | null;
  sending: string;
  hold: { problem: string; code: string; reason: string; since: number; until: number | null } | null;
  /** All sending, of every account, is stopped. */
  stop: Stop | null;
  /** Kept so far. */
  events: number;
}

export interface Stop {
  since: number;
  reason: string;
}

interface Account {
  connected: boolean;
  tokenExpiresAt: number | null;
  state: Pick<SendStatus, "hold" | "stop" | "events"> & { settings: { sending: string } };
}

/** @param stop as the Directory has it: an account may hear of it a minute later */
export function sendStatusOf({ connected, tokenExpiresAt, state }: Account, stop: Stop | null): SendStatus {
  const { settings, hold, events } = state;
  return { connected, tokenExpiresAt, sending: settings.sending, hold, stop: stop ?? state.stop, events };
}

export type Tone = "good" | "warn" | "bad" | "plain";

export interface PillText {
  tone: Tone;
  label: string;
}

export function pillsOf({ connected, sending, tokenExpiresAt }: SendStatus, now: number): PillText[] {
  const token = connected ? tokenPill(tokenExpiresAt, now) : null;
  return [
    { tone: connected ? "good" : "bad", label: connected ? "Connected" : "Not connected" },
    ...(sending === "paused" ? [{ tone: "warn", label: "Paused" } as const] : []),
    ...(sending === "dry_run" ? [{ tone: "warn", label: "Dry run" } as const] : []),
    ...(token === null ? [] : [token]),
  ];
}

export function tokenPill(expiresAt: number | null, now: number): PillText | null {
  if (expiresAt === null) return null;
  const days = Math.floor((expiresAt - now) / DAY_MS);
  if (days < 0) return { tone: "bad", label: "Token expired" };
  return { tone: days < 10 ? "warn" : "plain", label: `Token: ${plural(days, "day")} left` };
}

/** The button that stops this account's sending, or lets it go on. */
export function switchOf(sending: string): { act: "pause" | "unpause"; look: "danger" | "primary"; label: string } {
  if (sending === "on") return { act: "pause", look: "danger", label: "Stop sending" };
  return { act: "unpause", look: "primary", label: sending === "dry_run" ? "End the dry run" : "Go on sending" };
}

export interface Notice {
  tone: "bad" | "plain";
  /** What it comes to, before the text. */
  strong: string | null;
  text: string;
  hold: SendStatus["hold"];
}

/** What stands above each page of the account. @param alone no pills stand above it */
export function noticesOf({ connected, hold, sending, events }: SendStatus, alone: boolean): Notice[] {
  const notices: Notice[] = [];
  if (hold !== null) {
    notices.push({
      tone: "bad",
      strong: "Nothing is sent.",
      text: HOLD_LABELS[hold.code] ?? HOLD_LABELS[hold.problem] ?? hold.reason,
      hold,
    });
  }
  const plain = (text: string): Notice => ({ tone: "plain", strong: null, text, hold: null });
  if (!connected) notices.push(plain(`Without a token this account only captures: ${plural(events, "event")} so far.`));
  if (alone && sending === "paused") notices.push(plain("This account is paused: its replies wait."));
  return notices;
}

const HOLDS: Readonly<Record<string, string>> = {
  token: "waits for a new connection",
  permission: "waits for a permission at Meta",
  blocked: "waits: Meta has blocked this account for a time",
};

/** Why a reply that is due does not leave; null: nothing keeps it. */
export function whyItWaits({ connected, hold, sending, stop }: SendStatus): string | null {
  if (stop !== null) return "waits: all sending is stopped";
  if (!connected) return "waits for a connection";
  if (hold !== null) return HOLDS[hold.problem] ?? "waits: nothing is sent for now";
  return sending === "paused" ? "waits: this account is paused" : null;
}

/** What comes of "Send now". */
export function sendNowMessage(sendStatus: SendStatus): string {
  const why = whyItWaits(sendStatus);
  if (why !== null) return `Noted, but it ${why}.`;
  if (sendStatus.sending === "dry_run") return "Dry run: it is cancelled in place of leaving.";
  return "It leaves as soon as Meta's limits allow.";
}
