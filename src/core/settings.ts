/** Settings of an account. PUT /api/accounts/:id/settings accepts any subset. */

/** `paused`: replies are scheduled but not sent. `dry_run`: replies are shown and cancelled instead of sent. */
export const SENDING = ["on", "paused", "dry_run"] as const;
export type Sending = (typeof SENDING)[number];

/** One day at most: after that, a message is outside its reply window. */
export const MAX_DEFER_SECONDS = 86_400;

/** `auto`: where Meta's pages say that the echo returns it, so on Pages only. */
export const ECHO_METADATA = ["auto", "on", "off"] as const;
export type EchoMetadata = (typeof ECHO_METADATA)[number];

export interface Settings {
  /** Seconds from the time of receipt to a reply, if the automation does not set them. 0 to 86 400. */
  deferSeconds: number;
  sending: Sending;
  /** At most Meta's limits. Lower values send more slowly. */
  pacing: {
    privateRepliesPerHour: number;
    /** Private replies that may be sent in one burst before smoothing starts. */
    privateReplyBurst: number;
    messagesPerSecond: number;
    mediaPerSecond: number;
    publicRepliesPerMinute: number;
  };
  /** Days that events and finished replies are stored. At least 8, because the private-reply window is 7 days. */
  retentionDays: number;
  takeover: {
    /** A reply from a person or another app cancels pending replies in that conversation. */
    enabled: boolean;
    /** Minutes that automations are then paused in the conversation. */
    holdMinutes: number;
    /** Texts that Meta's own automation sends for the account: they pause nothing. */
    automaticTexts: string[];
    /** Texts that a person sends, although they look automatic. */
    personTexts: string[];
  };
  /** Public replies, which stand for everyone to see. */
  publicReplies: {
    /** Seconds between a private reply and the public reply of the same automation. Meta refuses the private one next to it. */
    gapSeconds: number;
    /** When the private reply stays uncertain: `wait` for evidence or a person, or `send` the public one. */
    whenUncertain: "wait" | "send";
    /** At most so many in one comment thread in any hour, and so many to one person. */
    perThreadPerHour: number;
    perPersonPerHour: number;
  };
  /** Maximum automated messages to one person in any hour. Stops two bots from replying to each other. */
  conversationRepliesPerHour: number;
  /** A message with an unknown outcome: `hold` waits for an echo or a person, `retry` may send it twice. */
  uncertainMessages: "hold" | "retry";
  /** Read a comment again just before its private reply. A deleted or hidden comment cancels the reply. */
  recheckComments: boolean;
  /** Whether messages carry the reply's id as `metadata`, which the echo then returns. */
  echoMetadata: EchoMetadata;
  /** Look for comments and messages that Meta did not deliver. */
  reconcile: { enabled: boolean; everyMinutes: number };
}

/** Any subset of the settings. Missing settings do not change. */
export type SettingsPart = Partial<Omit<Settings, Group>> & { [K in Group]?: Partial<Settings[K]> };

/** Settings that hold settings of their own. */
type Group = "pacing" | "takeover" | "publicReplies" | "reconcile";

export const DEFAULT_SETTINGS: Settings = {
  deferSeconds: 10,
  sending: "on",
  pacing: {
    privateRepliesPerHour: 750,
    privateReplyBurst: 10,
    messagesPerSecond: 100,
    mediaPerSecond: 10,
    publicRepliesPerMinute: 60,
  },
  retentionDays: 30,
  takeover: { enabled: true, holdMinutes: 60, automaticTexts: [], personTexts: [] },
  publicReplies: { gapSeconds: 3, whenUncertain: "wait", perThreadPerHour: 3, perPersonPerHour: 6 },
  conversationRepliesPerHour: 20,
  uncertainMessages: "hold",
  recheckComments: false,
  echoMetadata: "auto",
  reconcile: { enabled: true, everyMinutes: 30 },
};

/** The settings after the change is applied. */
export function mergeSettings(current: Settings, part: SettingsPart): Settings {
  return {
    ...current,
    ...part,
    pacing: { ...current.pacing, ...part.pacing },
    takeover: { ...current.takeover, ...part.takeover },
    publicReplies: { ...current.publicReplies, ...part.publicReplies },
    reconcile: { ...current.reconcile, ...part.reconcile },
  };
}
