/** Notifications about a conversation other than messages: buttons, links, opt-ins, handovers and policy enforcement. */
import type { BuildContext, Item } from "./delivery-body.ts";
import { inbound, midOf, outbound, referralValue, type Referral, type Thread } from "./message-notifications.ts";
import type { WireValue } from "./wire-format.ts";

const withoutSender = (thread: Omit<Thread, "personId">, now: number, rest: Record<string, WireValue>): Item => ({
  object: thread.platform,
  entryId: thread.accountId,
  at: now,
  container: "messaging",
  value: { recipient: { id: thread.accountId }, timestamp: now, ...rest },
});

/** `messaging_postbacks`: a button, an icebreaker or the persistent menu. */
export function postback(
  options: Thread & { mid?: string; title: string; payload: string; referral?: Referral; isSelf?: boolean },
  { now, random }: BuildContext,
): Item {
  const rest = {
    postback: {
      mid: options.mid ?? midOf(options.platform, random),
      title: options.title,
      payload: options.payload,
      referral: options.referral === undefined ? undefined : referralValue(options.referral),
    },
  };
  if (options.isSelf !== true) return inbound(options, now, rest);
  // A self message swaps sender and recipient, and `is_self` is next to the postback, not inside it (Instagram Platform, Self messaging).
  return outbound(options, now, { is_self: true, ...rest });
}

/** `messaging_referral` (Instagram) or `messaging_referrals` (Page): an ig.me or m.me link, or an ad. */
export function referral(options: Thread & { referral: Referral }, { now }: BuildContext): Item {
  return inbound(options, now, { referral: referralValue(options.referral) });
}

/** `response_feedback`: thumbs up or down for an automated reply. */
export function responseFeedback(options: Thread & { mid: string; good: boolean }, { now }: BuildContext): Item {
  const feedback = options.good ? "Good response" : "Bad response";
  return inbound(options, now, { response_feedback: { feedback, mid: options.mid } });
}

export type ThreadControl =
  | { kind: "pass" | "take"; previousOwner: string | null; newOwner: string; metadata: string }
  | { kind: "request"; requestedOwner: string; metadata: string }
  | { kind: "roles"; appId: string; roles: readonly string[] };

/** `messaging_handover` (Instagram) or `messaging_handovers` (Page). */
export function handover(options: Thread & { control: ThreadControl }, { now }: BuildContext): Item {
  const { control } = options;
  switch (control.kind) {
    case "pass":
    case "take":
      return inbound(options, now, {
        [`${control.kind}_thread_control`]: {
          previous_owner_app_id: control.previousOwner,
          new_owner_app_id: control.newOwner,
          metadata: control.metadata,
        },
      });
    case "request":
      return inbound(options, now, {
        request_thread_control: {
          // The Page's sample shows a number here.
          requested_owner_app_id: options.platform === "page" ? BigInt(control.requestedOwner) : control.requestedOwner,
          metadata: control.metadata,
        },
      });
    case "roles":
      return withoutSender(options, now, { app_roles: { [control.appId]: control.roles } });
  }
}

/** `messaging_policy_enforcement`: Meta acted against the account. */
export function policyEnforcement(
  options: Omit<Thread, "personId"> & { action: "warning" | "block" | "unblock"; reason?: string },
  { now }: BuildContext,
): Item {
  return withoutSender(options, now, {
    policy_enforcement: {
      action: options.action,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    },
  });
}

/** `messaging_optins`: marketing messages, or the Send to Messenger plugin (`ref`). */
export function optin(
  options: Thread & ({ ref: string } | { title: string; payload: string; token: string; timezone: string }),
  { now }: BuildContext,
): Item {
  if ("ref" in options) return inbound(options, now, { optin: { ref: options.ref } });
  const yearMs = 365 * 24 * 3600 * 1000;
  return inbound(options, now, {
    optin: {
      type: "notification_messages",
      payload: options.payload,
      notification_messages_token: options.token,
      notification_messages_timezone: options.timezone,
      token_expiry_timestamp: now + yearMs,
      user_token_status: "NOT_REFRESHED",
      title: options.title,
    },
  });
}
