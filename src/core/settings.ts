/** What the owner of an account may set; PUT /api/accounts/:id/settings takes any part of it. */

/** `paused`: captured and scheduled, nothing leaves. `dry_run`: decided and shown, cancelled instead of sent. */
export const SENDING = ["on", "paused", "dry_run"] as const;
export type Sending = (typeof SENDING)[number];

/** Longer than a day, and a message is outside its window. */
export const MAX_DEFER_SECONDS = 86_400;

export interface Settings {
  /** Seconds between the receiver's time and a reply, where the automation says nothing. 0 to 86 400. */
  deferSeconds: number;
  sending: Sending;
  /** At most Meta's own limits; lower them to be gentler. */
  pacing: {
    privateRepliesPerHour: number;
    /** Private replies that may leave at once before smoothing sets in. */
    privateReplyBurst: number;
    messagesPerSecond: number;
    mediaPerSecond: number;
    publicRepliesPerMinute: number;
  };
  /** Days that events and settled replies are kept. At least 8: the private-reply window is 7. */
  retentionDays: number;
  takeover: {
    /** A person's own answer (or another app's) cancels what is pending for that conversation. */
    enabled: boolean;
    /** Minutes that automations then stand back from the conversation. */
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
  /** Automated messages to one person in any hour; stops two bots from talking to each other. */
  conversationRepliesPerHour: number;
  /** Message whose outcome is unknown: `hold` it for an echo or a person, or `retry` (may be sent twice). */
  uncertainMessages: "hold" | "retry";
  /** Read a comment again just before its private reply; a comment that is gone or hidden cancels it. */
  recheckComments: boolean;
  /** Look for comments that Meta never delivered. */
  reconcile: { enabled: boolean; everyMinutes: number };
}

/** Any part of the settings; what is not named stays as it is. */
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
  reconcile: { enabled: false, everyMinutes: 15 },
};

/** The settings once the part is put in their place. */
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
