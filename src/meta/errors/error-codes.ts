/**
 * Meta's errors as a table. A code that is not here proves nothing.
 *
 * A row with another action than `doubt` is a claim: this code comes before anything is sent. It does not hold for 4xx
 * answers in general (public comments have been created and then answered with a 400), nor for codes 1 and 2, which
 * only say that something went wrong inside Meta.
 *
 * Pages: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes,
 * https://developers.facebook.com/docs/graph-api/guides/error-handling,
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import type { AccountProblem, ThrottleScope } from "../../core/reply/outcome.ts";

const REFUSE: ErrorAction = { do: "refuse" };
/** A limit of the app, the account or the Page: whatever else is sent meets it, too. */
const THROTTLE: ErrorAction = { do: "throttle", scope: "account", waitMs: null };
/** A limit of this kind of call. */
const THROTTLE_KIND: ErrorAction = { do: "throttle", scope: "lane", waitMs: null };
/** One vendor's practice for a Page that is restricted for a time; Meta names none. */
const THROTTLE_30_MIN: ErrorAction = { do: "throttle", scope: "account", waitMs: 1_800_000 };
/** Media that Meta could not fetch may be there the next minute; if not then, not at all. */
const RETRY_ONCE: ErrorAction = { do: "retry", tries: 2 };
const TOKEN: ErrorAction = { do: "hold", problem: "token" };
const PERMISSION: ErrorAction = { do: "hold", problem: "permission" };
const BLOCKED: ErrorAction = { do: "hold", problem: "blocked" };
const DOUBT: ErrorAction = { do: "doubt" };

const RECONNECT = "Connect the account again.";
const SLOWER = "Nothing to do: Replyline waits and goes on. If it happens often, lower the pace in the settings.";
const NOTHING = "Nothing to do; this reply cannot be sent.";
const CHECK_MEDIA =
  "Check that the address in the attachment opens for everyone, and that the file is within Meta's size.";

function row(
  code: number,
  subcode: number | null,
  action: ErrorAction,
  reason: string,
  source: ErrorRow["source"],
  meaning: string,
  advice: string,
): ErrorRow {
  return { code, subcode, action, reason, meaning, advice, source };
}

/* One row a code, on one line, so that the table reads as one. */
// prettier-ignore
export const ERROR_ROWS: readonly ErrorRow[] = [
  // Something inside Meta
  row(1, null, DOUBT, "meta_unknown_error", "D", "An unknown error inside Meta.", "Look in the inbox whether the reply is there."),
  row(1, 99, PERMISSION, "permission_missing", "D", "A permission check failed.", "Check the app's permissions, its access level and Business Verification."),
  row(1, 1357046, DOUBT, "meta_unreadable_answer", "D", "Failed, or sent all the same: Meta's page names both.", "Look in the inbox whether the reply is there."),
  row(2, null, DOUBT, "meta_unavailable", "D", "Meta's service is down; also seen when the person blocked the account.", "Look at metastatus.com, and in the inbox whether the reply is there."),
  row(2, 1545133, DOUBT, "meta_unavailable", "W", "A passing error inside Meta.", "Look in the inbox whether the reply is there."),
  row(20, 1772107, DOUBT, "comment_probably_created", "W", "A public reply answered as failed although it was created.", "Look under the comment whether the reply is there."),

  // Too fast
  row(4, null, THROTTLE, "app_rate_limit", "D", "The app has reached its rate limit.", SLOWER),
  row(4, 2018354, THROTTLE_KIND, "notification_too_soon", "D", "Notifications to one person came too close together.", SLOWER),
  row(17, null, THROTTLE, "user_rate_limit", "D", "The account has reached its rate limit.", SLOWER),
  row(32, null, THROTTLE, "page_rate_limit", "D", "The Page has reached its rate limit.", SLOWER),
  row(341, null, THROTTLE, "app_rate_limit", "D", "The app has reached a limit for a time.", SLOWER),
  row(613, null, THROTTLE_KIND, "rate_limit", "D", "Too many calls of this kind.", SLOWER),
  row(613, 2534040, THROTTLE_KIND, "too_many_sends", "D", "Too many messages were sent.", SLOWER),
  row(613, 1996, THROTTLE_KIND, "unusual_volume", "D", "Meta found the number of calls unusual.", SLOWER),
  row(613, 1893016, REFUSE, "too_many_optin_requests", "D", "This person was asked to opt in too often.", NOTHING),
  row(613, 2018338, BLOCKED, "tag_abuse", "D", "Message tags were used for what they are not meant for.", "Read the warning in the Page's inbox, and stop using the tag."),
  row(80001, null, THROTTLE, "page_rate_limit", "D", "The Page has used up its calls.", SLOWER),
  row(80002, null, THROTTLE, "instagram_rate_limit", "D", "The Instagram account has used up its calls.", SLOWER),
  row(80006, null, THROTTLE, "messenger_rate_limit", "D", "The account has used up its messages.", SLOWER),
  row(10, 1893063, THROTTLE_30_MIN, "page_restricted", "D", "The Page may not send for a time.", "Look at the Page's quality in Meta Business Suite. Replyline tries again by itself."),

  // The token
  row(190, null, TOKEN, "token_invalid", "D", "The access token is not valid any more.", RECONNECT),
  row(190, 458, TOKEN, "app_not_installed", "D", "The person has removed the app.", RECONNECT),
  row(190, 459, TOKEN, "checkpoint", "D", "Meta wants the person to log in and confirm something.", "Log in at facebook.com or instagram.com, do what it asks, then connect the account again."),
  row(190, 460, TOKEN, "password_changed", "D", "The password was changed, which ends all tokens.", RECONNECT),
  row(190, 463, TOKEN, "token_expired", "D", "The access token has expired.", RECONNECT),
  row(190, 464, TOKEN, "user_unconfirmed", "D", "The person's account is not confirmed.", "Log in and confirm the account, then connect it again."),
  row(190, 467, TOKEN, "token_invalid", "D", "The access token is not valid any more.", RECONNECT),
  row(190, 492, TOKEN, "page_role_lost", "D", "The person has no role on the Page any more.", "Give the person a role on the Page, or connect with somebody who has one."),

  // Permission, and the state of the account
  row(10, null, PERMISSION, "permission_missing", "D", "The app lacks the permission for this call.", "Check in the App Dashboard that the permission is granted and has Advanced Access, then connect again."),
  row(10, 2534077, PERMISSION, "account_condition", "D", "The account must be linked, or two-factor authentication switched on.", "Switch on two-factor authentication, and check the link between Page and Instagram account."),
  row(200, null, PERMISSION, "permission_missing", "D", "The app or the token lacks a permission.", "Check the permissions in the App Dashboard, then connect again."),
  row(200, 2534041, PERMISSION, "message_access_off", "D", "The owner has switched off access to messages.", "In the Instagram app: Settings, Messages and story replies, Message controls, Connected tools: allow access to messages."),
  row(200, 2534048, PERMISSION, "standard_access", "W", "The person has no role on the app, and the app has Standard Access only.", "Ask Meta for Advanced Access (App Review)."),
  row(200, 2018028, PERMISSION, "permission_missing", "D", "The permission to message this person is missing.", "Ask Meta for Advanced Access to messages, or add the person as a tester."),
  row(100, 2534013, PERMISSION, "not_linked", "D", "The Page has no linked Instagram account.", "Link the Instagram account in the Page's settings."),
  row(100, 2534029, BLOCKED, "barred_from_messaging", "D", "Meta has barred this business from Instagram messaging.", "Look at the account's status in the Instagram app, and appeal there."),
  row(368, null, BLOCKED, "blocked", "D", "Meta has blocked this for policy reasons, for a time.", "Stop what the warning names. Replyline tries again in an hour."),
  row(2534122, null, BLOCKED, "restricted", "W", "Meta has restricted the account.", "Look at the account's status in the Instagram app."),

  // The window, the thread, the person
  row(10, 2534022, REFUSE, "outside_window", "D", "The time in which Meta allows this message is over.", NOTHING),
  row(10, 2018278, REFUSE, "outside_window", "D", "The time in which Meta allows this message is over.", NOTHING),
  row(10, 2018065, REFUSE, "outside_window", "D", "The time in which Meta allows this message is over.", NOTHING),
  row(10, 2018108, REFUSE, "cannot_receive", "D", "This person cannot receive messages at the moment.", NOTHING),
  row(10, 2018300, REFUSE, "other_app_controls", "D", "Another app controls this conversation.", "Make this app the default one in Conversation Routing, or leave the conversation to the other app."),
  row(100, 2534037, REFUSE, "other_app_controls", "D", "This app does not own the conversation.", "Make this app the default one in Conversation Routing, or leave the conversation to the other app."),
  row(200, 1545041, REFUSE, "person_unavailable", "D", "This person is not available.", NOTHING),
  row(551, null, REFUSE, "person_unavailable", "D", "This person cannot be reached at the moment.", NOTHING),
  row(230, null, REFUSE, "no_consent", "W", "The person has not consented.", NOTHING),
  row(2018218, null, REFUSE, "profile_unreadable", "D", "The person's profile cannot be read.", NOTHING),
  row(2018247, null, REFUSE, "profile_unreadable", "D", "The person's profile cannot be read.", NOTHING),
  row(2534001, null, REFUSE, "thread_archived", "W", "The conversation is archived.", NOTHING),
  row(10903, null, REFUSE, "cannot_reply", "W", "This account cannot reply to this comment.", NOTHING),

  // The comment has its reply, or is gone
  row(10900, null, REFUSE, "already_replied", "W", "This comment already has its private reply.", "Nothing to do."),
  row(100, 2534025, REFUSE, "not_repliable", "D", "The comment cannot have a private reply; also seen when it already has one.", "Look in the inbox: the reply may have been sent by hand or by another app."),
  row(100, 33, REFUSE, "not_found", "D", "What the reply belongs to is gone, or not visible to the app.", NOTHING),
  row(9000001, null, REFUSE, "message_deleted", "D", "The message was deleted.", NOTHING),
  row(506, null, REFUSE, "duplicate", "D", "The same text was posted before.", "Give the public reply more than one text."),

  // The content
  row(100, null, REFUSE, "bad_parameter", "D", "Meta does not accept something in the request.", "Check the content of the reply; message tags that Meta has retired give this too."),
  row(100, 2018001, REFUSE, "no_such_person", "D", "No person has this id.", NOTHING),
  row(100, 2534014, REFUSE, "no_such_person", "D", "No Instagram user has this id.", NOTHING),
  row(100, 2534015, REFUSE, "bad_message", "D", "Meta does not accept the message.", "Check the attachment, the buttons and the length of the text."),
  row(100, 2018008, RETRY_ONCE, "media_unreadable", "D", "Meta could not fetch the media.", CHECK_MEDIA),
  row(100, 2018047, RETRY_ONCE, "media_unreadable", "D", "Meta could not take the upload.", CHECK_MEDIA),
  row(100, 2018109, RETRY_ONCE, "media_unreadable", "D", "Meta did not accept the media; it may be too large.", CHECK_MEDIA),
  row(100, 2018294, RETRY_ONCE, "media_unreadable", "D", "Meta could not process the media.", CHECK_MEDIA),
  row(2534068, null, REFUSE, "multi_image_unavailable", "W", "Several images in one message are not available here.", "Send the images one by one."),
  row(2022, null, REFUSE, "commerce_disabled", "D", "Commerce messages are switched off for the Page.", "Look at the Page's quality in Meta Business Suite."),
  row(36103, null, REFUSE, "refused", "D", "Meta refuses this message.", "Look the code up on Meta's page of error codes."),
];

export type ErrorAction =
  /** Not sent, and never will be. */
  | { do: "refuse" }
  /** Not sent; worth another try, at most `tries` in all. */
  | { do: "retry"; tries: number }
  /**
   * Not sent: too fast. `scope`: whether the limit is of this kind of call or of all that the account does. `waitMs`: how
   * long to stop where Meta's headers name no time.
   */
  | { do: "throttle"; scope: ThrottleScope; waitMs: number | null }
  /** Not sent, and nothing of this account will be. */
  | { do: "hold"; problem: AccountProblem }
  /** May have been sent. */
  | { do: "doubt" };

export interface ErrorRow {
  code: number;
  /** Null: this code with any subcode that has no row of its own. */
  subcode: number | null;
  action: ErrorAction;
  /** Short and stable, for machines. */
  reason: string;
  meaning: string;
  /** What a person can do about it. */
  advice: string;
  /** `D`: a page of Meta's says so. `W`: seen in public clients, no page found. */
  source: "D" | "W";
}
