/** Ways to start a conversation without a message: a button, a link or ad, an opt-in. */
import { idAt, type JsonObject, objectAt, textAt } from "../json.ts";
import { isSelf, readReferral, type Referral, senderId } from "./parts.ts";

type Item = JsonObject | null;

export interface PostbackView {
  kind: "postback";
  mid: string | null;
  personId: string | null;
  /** Missing if the app does not own the thread. */
  payload: string | null;
  title: string | null;
  self: boolean;
  referral: Referral | null;
}

export interface ReferralView {
  kind: "referral";
  personId: string | null;
  referral: Referral | null;
}

export interface OptinView {
  kind: "optin";
  personId: string | null;
  /** Instead of a person, from the checkbox plugin. */
  userRef: string | null;
  type: string | null;
  payload: string | null;
  ref: string | null;
  title: string | null;
}

/** A referral in the postback: the person opened the conversation through a link or an ad. */
export function readPostback(item: Item, accountId: string): PostbackView {
  const postback = objectAt(item, "postback");
  return {
    kind: "postback",
    mid: idAt(postback, "mid"),
    personId: senderId(item),
    payload: textAt(postback, "payload"),
    title: textAt(postback, "title"),
    // Meta puts `is_self` next to the postback, not inside it.
    self: isSelf(item, "postback", accountId),
    referral: readReferral(postback),
  };
}

export const readReferralEvent = (item: Item): ReferralView => ({
  kind: "referral",
  personId: senderId(item),
  referral: readReferral(item),
});

/** From the checkbox plugin it has a `user_ref` instead of a person (Messenger Platform, `messaging_optins`). */
export function readOptin(item: Item): OptinView {
  const optin = objectAt(item, "optin");
  return {
    kind: "optin",
    personId: senderId(item),
    userRef: idAt(optin, "user_ref"),
    type: textAt(optin, "type"),
    payload: textAt(optin, "payload"),
    ref: idAt(optin, "ref"),
    title: textAt(optin, "title"),
  };
}
