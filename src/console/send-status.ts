/** Whether an account may send, and what the pages and the script say of it: one text for both. */
import { DAY_MS } from "../core/time.ts";
import { plural } from "./format.ts";
import { HOLD_LABELS } from "./labels.ts";

export interface SendStatus {
  connected: boolean;
  tokenExpiresAt: number | null;
  sending: string;
  hold: { problem: string; code: string; reason: string; since: number; until: number | null } | null;
  /** The kill switch: sending is paused for every account. */
  stop: Stop | null;
  /** Recorded so far. */
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

/** @param stop from the Directory: an account may learn of it up to a minute later */
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

/** The button that pauses this account's sending, or resumes it. */
export function switchOf(sending: string): { act: "pause" | "unpause"; look: "danger" | "primary"; label: string } {
  if (sending === "on") return { act: "pause", look: "danger", label: "Pause sending" };
  return { act: "unpause", look: "primary", label: sending === "dry_run" ? "End dry run" : "Resume sending" };
}

export interface Notice {
  tone: "bad" | "plain";
  /** The consequence, shown before the text. */
  strong: string | null;
  text: string;
  hold: SendStatus["hold"];
}

/** Notices for the top of each page of the account. @param alone the page shows no pills */
export function noticesOf({ connected, hold, sending, events }: SendStatus, alone: boolean): Notice[] {
  const notices: Notice[] = [];
  if (hold !== null) {
    notices.push({
      tone: "bad",
      strong: "Sending is on hold.",
      text: HOLD_LABELS[hold.code] ?? HOLD_LABELS[hold.problem] ?? hold.reason,
      hold,
    });
  }
  const plain = (text: string): Notice => ({ tone: "plain", strong: null, text, hold: null });
  if (!connected)
    notices.push(
      plain(
        `This account has no token: events are recorded (${plural(events, "event")} so far), but no replies are sent.`,
      ),
    );
  if (alone && sending === "paused") notices.push(plain("Sending is paused for this account. Its replies wait."));
  return notices;
}

const HOLDS: Readonly<Record<string, string>> = {
  token: "waits: the account must be connected again",
  permission: "waits: a permission is missing",
  blocked: "waits: Meta has temporarily blocked this account",
};

/** Why a reply that is due is not sent; null: nothing prevents it. */
export function whyItWaits({ connected, hold, sending, stop }: SendStatus): string | null {
  if (stop !== null) return "waits: sending is paused for all accounts";
  if (!connected) return "waits: the account is not connected";
  if (hold !== null) return HOLDS[hold.problem] ?? "waits: sending is on hold";
  return sending === "paused" ? "waits: sending is paused for this account" : null;
}

/** The message after "Send now". */
export function sendNowMessage(sendStatus: SendStatus): string {
  const why = whyItWaits(sendStatus);
  if (why !== null) return `Saved. The reply ${why}.`;
  if (sendStatus.sending === "dry_run") return "Dry run: the reply is cancelled instead of sent.";
  return "It is sent as soon as Meta's rate limits allow.";
}
