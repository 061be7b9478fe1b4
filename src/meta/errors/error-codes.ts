/**
 * Meta's error codes. A code without a row does not prove that nothing was sent.
 *
 * A row with an action other than `doubt` means: with this code, nothing was sent. This is not true for 4xx responses
 * in general (public comments have been created and then answered with a 400), nor for codes 1 and 2, which only report
 * an internal error at Meta.
 *
 * Pages: https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes,
 * https://developers.facebook.com/docs/graph-api/guides/error-handling,
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
import type { AccountProblem, ThrottleScope } from "../../core/reply/outcome.ts";

const REFUSE: ErrorAction = { do: "refuse" };
/** A limit of the app, the account or the Page: it applies to all sends. */
const THROTTLE: ErrorAction = { do: "throttle", scope: "account", waitMs: null };
/** A limit for this kind of call only. */
const THROTTLE_KIND: ErrorAction = { do: "throttle", scope: "kind", waitMs: null };
/** The wait that one vendor uses for a temporarily restricted Page. Meta does not document a time. */
const THROTTLE_30_MIN: ErrorAction = { do: "throttle", scope: "account", waitMs: 1_800_000 };
/** Meta could not fetch the media. One retry may work; more are not useful. */
const RETRY_ONCE: ErrorAction = { do: "retry", tries: 2 };
const TOKEN: ErrorAction = { do: "hold", problem: "token" };
const PERMISSION: ErrorAction = { do: "hold", problem: "permission" };
const BLOCKED: ErrorAction = { do: "hold", problem: "blocked" };
const DOUBT: ErrorAction = { do: "doubt" };
/** The attempt used up the comment's one private reply, whether or not it arrived. */
const DOUBT_USED_UP: ErrorAction = { do: "doubt", final: true };
/** The request has the wrong form. A send with this code has not been seen, so it proves nothing. */
const WRONG_CALL: ErrorAction = { do: "doubt", wrongCall: true };
/** Lasts until the other flow ends, which Meta does not announce. */
const RETRY_LATER: ErrorAction = { do: "retry", tries: 6 };

const RECONNECT = "Connect the account again.";
const SLOWER =
  "No action is needed: Replyline waits and then continues. If this happens often, lower the pace in the settings.";
const NOTHING = "No action is possible. This reply cannot be sent.";
const CHECK_INBOX = "Check in the inbox whether the reply was sent.";
const CHECK_TEMPLATE = "Check the attachment, the buttons and the length of the text.";
const OTHER_APP = "Make this app the default one in Conversation Routing, or leave the conversation to the other app.";
const CHECK_MEDIA = "Check that the URL in the attachment is public and that the file is within Meta's size limit.";

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

/* One row per code, each on one line. */
// prettier-ignore
export const ERROR_ROWS: readonly ErrorRow[] = [
  // Internal errors at Meta
  row(1, null, DOUBT, "meta_unknown_error", "D", "An unknown internal error at Meta.", CHECK_INBOX),
  row(1, 99, PERMISSION, "permission_missing", "D", "A permission check failed.", "Check the app's permissions, its access level and Business Verification."),
  row(1, 1357046, DOUBT, "meta_unreadable_answer", "D", "The send failed or succeeded. Meta's page documents both.", CHECK_INBOX),
  row(2, null, DOUBT, "meta_unavailable", "D", "Meta's service is unavailable. Also seen when the person has blocked the account.", "Check metastatus.com, and check in the inbox whether the reply was sent."),
  row(2, 1545133, DOUBT_USED_UP, "reply_used_up", "W", "An internal error at Meta. After it, the comment gets no further private reply.", "Meta used up this comment's reply; ask the person by public reply to write to you."),
  row(20, 1772107, DOUBT, "comment_probably_created", "W", "Meta reported a failure although it created the public reply.", "Check below the comment whether the reply was created."),

  // Seen for calls other than sends, or not specific enough to prove anything
  row(12, null, WRONG_CALL, "retired_call", "D", "Meta has retired this call or this version of the Graph API.", "Set GRAPH_API_VERSION to a version that Meta supports, and update Replyline."),
  row(104, null, WRONG_CALL, "proof_or_session_missing", "D", "Meta requires a signed call or a session for this call.", "Check that the app secret in META_APP_SECRETS is the one of this login, then connect the account again."),
  row(298, null, WRONG_CALL, "mailbox_permission_missing", "D", "The token has no permission to read messages.", RECONNECT),
  row(299, null, WRONG_CALL, "message_permission_missing", "D", "The token has no permission for this extended action.", RECONNECT),
  row(803, null, WRONG_CALL, "unknown_object", "D", "An id in the request does not exist or is not visible to this app.", "Check that the account is connected with the right login and under the right id."),
  row(2500, null, WRONG_CALL, "token_not_read", "D", "Meta found no access token in the request, or could not parse its path.", RECONNECT),

  // Rate limits
  row(429, null, DOUBT, "too_many_requests", "W", "Too many requests, reported by a server before the Graph API.", SLOWER),
  row(80004, null, DOUBT, "ads_rate_limit", "D", "The ad account has used up its calls. Not documented for sends.", SLOWER),
  row(80007, null, DOUBT, "whatsapp_rate_limit", "D", "The WhatsApp account has used up its calls. Not documented for sends.", SLOWER),
  row(4, null, THROTTLE, "app_rate_limit", "D", "The app has reached its rate limit.", SLOWER),
  row(4, 2018354, THROTTLE_KIND, "notification_too_soon", "D", "Notifications to one person were sent too close together.", SLOWER),
  row(9, 2018352, THROTTLE_KIND, "notification_limit", "D", "The limit of notifications to one person is reached.", SLOWER),
  row(17, null, THROTTLE, "user_rate_limit", "D", "The account has reached its rate limit.", SLOWER),
  row(32, null, THROTTLE, "page_rate_limit", "D", "The Page has reached its rate limit.", SLOWER),
  row(341, null, THROTTLE, "app_rate_limit", "D", "The app has temporarily reached a limit.", SLOWER),
  row(613, null, THROTTLE_KIND, "rate_limit", "D", "Too many calls of this kind.", SLOWER),
  row(613, 2534040, THROTTLE_KIND, "too_many_sends", "D", "Too many messages were sent.", SLOWER),
  row(613, 1996, THROTTLE_KIND, "unusual_volume", "D", "Meta considers the number of calls unusual.", SLOWER),
  row(613, 1893016, REFUSE, "too_many_optin_requests", "D", "This person was asked to opt in too often.", NOTHING),
  row(613, 2018338, BLOCKED, "tag_abuse", "D", "Message tags were misused.", "Read the warning in the Page's inbox, and stop using the tag."),
  row(80001, null, THROTTLE, "page_rate_limit", "D", "The Page has used up its calls.", SLOWER),
  row(80002, null, THROTTLE, "instagram_rate_limit", "D", "The Instagram account has used up its calls.", SLOWER),
  row(80006, null, THROTTLE, "messenger_rate_limit", "D", "The account has used up its messages.", SLOWER),
  row(10, 1893063, THROTTLE_30_MIN, "page_restricted", "D", "The Page is temporarily not allowed to send.", "Check the Page's quality in Meta Business Suite. Replyline retries automatically."),

  // Access tokens
  row(190, null, TOKEN, "token_invalid", "D", "The access token is no longer valid.", RECONNECT),
  row(190, 458, TOKEN, "app_not_installed", "D", "The person has removed the app.", RECONNECT),
  row(190, 459, TOKEN, "checkpoint", "D", "Meta requires the person to log in and confirm something.", "Log in at facebook.com or instagram.com, follow the instructions, then connect the account again."),
  row(190, 460, TOKEN, "password_changed", "D", "The password was changed, which invalidates all tokens.", RECONNECT),
  row(190, 463, TOKEN, "token_expired", "D", "The access token has expired.", RECONNECT),
  row(190, 464, TOKEN, "user_unconfirmed", "D", "The person's account is not confirmed.", "Log in and confirm the account, then connect it again."),
  row(190, 467, TOKEN, "token_invalid", "D", "The access token is no longer valid.", RECONNECT),
  row(102, null, TOKEN, "token_invalid", "D", "The session or the access token is no longer valid.", RECONNECT),
  row(190, 492, TOKEN, "page_role_lost", "D", "The person no longer has a role on the Page.", "Give the person a role on the Page, or connect as a person who has a role."),

  // Permissions and account status
  row(3, null, PERMISSION, "capability_missing", "D", "The app or the token does not have the capability for this call.", "Check that the account is connected with the right login, and that the app has the product and the Advanced Access that the call needs."),
  row(10, null, PERMISSION, "permission_missing", "D", "The app does not have the permission for this call.", "Check in the App Dashboard that the permission is granted and has Advanced Access, then connect again."),
  row(10, 2534077, PERMISSION, "account_condition", "D", "The account must be linked, or two-factor authentication must be turned on.", "Turn on two-factor authentication, and check the link between Page and Instagram account."),
  row(200, null, PERMISSION, "permission_missing", "D", "The app or the token does not have a required permission.", "Check the permissions in the App Dashboard, then connect again."),
  row(200, 2534041, PERMISSION, "message_access_off", "D", "The owner has turned off access to messages.", "In the Instagram app: Settings, Messages and story replies, Message controls, Connected tools: allow access to messages."),
  row(200, 2534048, PERMISSION, "standard_access", "W", "The person has no role on the app, and the app has only Standard Access.", "Ask Meta for Advanced Access (App Review)."),
  row(200, 2018028, PERMISSION, "permission_missing", "D", "The permission to message this person is missing.", "Ask Meta for Advanced Access to messages, or add the person as a tester."),
  row(200, 2018021, PERMISSION, "permission_missing", "D", "The app has no permission to send messages for this Page.", "Check that pages_messaging is granted and has Advanced Access, then connect again."),
  row(200, 2018027, PERMISSION, "permission_missing", "D", "The app has no permission to send messages for this Page.", "Check that pages_messaging is granted and has Advanced Access, then connect again."),
  row(36103, null, PERMISSION, "not_eligible", "D", "This Instagram account cannot use the messaging API yet.", "Check that it is a professional account, that Meta has enabled messaging for it, and that access to messages is turned on in the Instagram app."),
  row(100, 2534013, PERMISSION, "not_linked", "D", "The Page has no linked Instagram account.", "Link the Instagram account in the Page's settings."),
  row(100, 2534029, BLOCKED, "barred_from_messaging", "D", "Meta has banned this business from Instagram messaging.", "Check the account status in the Instagram app, and appeal there."),
  row(368, null, BLOCKED, "blocked", "D", "Meta has temporarily blocked this for policy reasons.", "Stop the activity that the warning describes. Replyline retries in an hour."),
  row(25, 2207050, BLOCKED, "restricted", "D", "Meta has restricted the Instagram account.", "Log in to the Instagram app, check the account status, and follow the instructions."),
  row(4, 2207051, BLOCKED, "spam_suspected", "D", "Meta takes this activity for spam.", "Lower the pace in the settings, and vary the texts. Replyline retries in an hour."),
  row(190, 2207051, BLOCKED, "spam_suspected", "D", "Meta takes this activity for spam.", "Lower the pace in the settings, and vary the texts. Replyline retries in an hour."),

  // Reply window, conversation and person
  row(10, 2534022, REFUSE, "outside_window", "D", "Meta's reply window for this message has closed.", NOTHING),
  row(10, 2018278, REFUSE, "outside_window", "D", "Meta's reply window for this message has closed.", NOTHING),
  row(10, 2018065, REFUSE, "outside_window", "D", "Meta's reply window for this message has closed.", NOTHING),
  row(10, 2018108, REFUSE, "cannot_receive", "D", "This person cannot receive messages at the moment.", NOTHING),
  row(100, 2534022, REFUSE, "outside_window", "W", "Meta's reply window for this message has closed.", NOTHING),
  row(10, 1893015, REFUSE, "stopped_notifications", "D", "The person has stopped these messages.", NOTHING),
  row(2018321, null, RETRY_LATER, "automated_flow_runs", "D", "An automated flow of Meta controls this conversation at the moment.", "No action is needed: Replyline tries again."),
  row(2018300, null, REFUSE, "other_app_controls", "D", "Another app controls this conversation.", OTHER_APP),
  row(100, 2534037, REFUSE, "other_app_controls", "D", "This app does not own the conversation.", OTHER_APP),
  row(1545041, null, REFUSE, "person_unavailable", "D", "This person is not available.", NOTHING),
  row(551, null, REFUSE, "person_unavailable", "D", "This person cannot be reached at the moment.", NOTHING),
  row(230, null, REFUSE, "no_consent", "W", "The person has not consented.", NOTHING),
  row(2018218, null, REFUSE, "profile_unreadable", "D", "The person's profile cannot be read.", NOTHING),
  row(2018247, null, REFUSE, "profile_unreadable", "D", "The person's profile cannot be read.", NOTHING),
  row(2534001, null, REFUSE, "thread_archived", "W", "The conversation is archived.", NOTHING),
  row(10903, null, REFUSE, "cannot_reply", "W", "This account cannot reply to this comment.", NOTHING),

  // The comment already has its reply or was deleted
  row(2534023, null, REFUSE, "already_replied", "W", "This comment already has a reply.", "No action is needed."),
  row(2534024, null, REFUSE, "comment_too_old", "W", "The comment is older than seven days.", NOTHING),
  row(200, 2534066, REFUSE, "comment_unavailable", "W", "The comment is gone or was filtered, or its post allows no private replies.", NOTHING),
  row(10902, null, REFUSE, "not_repliable", "W", "This activity cannot get a private reply.", NOTHING),
  row(10900, null, REFUSE, "already_replied", "W", "This comment already has its private reply.", "No action is needed."),
  row(100, 2534025, REFUSE, "not_repliable", "D", "The comment cannot get a private reply. Also seen when it already has one.", "Check the inbox: the reply may have been sent by a person or by another app."),
  row(100, 33, REFUSE, "not_found", "D", "The comment or conversation was deleted or is not visible to the app.", NOTHING),
  row(9000001, null, REFUSE, "message_deleted", "D", "The message was deleted.", NOTHING),
  row(506, null, REFUSE, "duplicate", "D", "The same text was posted before.", "Add more texts to the public reply."),

  // Content
  row(100, null, REFUSE, "bad_parameter", "D", "Meta does not accept a parameter of the request.", "Check the content of the reply. Retired message tags also cause this error."),
  row(100, 2018001, REFUSE, "no_such_person", "D", "No person has this id.", NOTHING),
  row(100, 2534014, REFUSE, "no_such_person", "D", "No Instagram user has this id.", NOTHING),
  row(10, 2534014, REFUSE, "no_such_person", "W", "No Instagram user has this id.", NOTHING),
  row(10, 1404170, REFUSE, "refused", "D", "Meta refuses this message because of its content.", "Change the text or the template."),
  row(10, 2018336, REFUSE, "refused", "D", "Meta does not allow this message for this Page.", "Check the Page's quality in Meta Business Suite."),
  row(2534122, null, REFUSE, "link_refused", "W", "Meta does not allow the link in this message at the moment.", "Send the message without the link, or with a link to another site."),
  row(100, 2018014, REFUSE, "bad_message", "D", "Meta does not accept the message.", CHECK_TEMPLATE),
  row(100, 2018074, REFUSE, "bad_message", "D", "The attachment does not belong to this Page.", "Upload the attachment again with this Page."),
  row(100, 2018164, REFUSE, "bad_message", "D", "Meta does not accept the message.", CHECK_TEMPLATE),
  row(100, 2018320, REFUSE, "bad_message", "D", "Meta does not accept the message.", CHECK_TEMPLATE),
  row(100, 2018328, REFUSE, "bad_message", "D", "Meta does not accept the message.", CHECK_TEMPLATE),
  row(100, 2534015, REFUSE, "bad_message", "D", "Meta does not accept the message.", CHECK_TEMPLATE),
  row(100, 2018008, RETRY_ONCE, "media_unreadable", "D", "Meta could not fetch the media.", CHECK_MEDIA),
  row(100, 2018047, RETRY_ONCE, "media_unreadable", "D", "Meta could not process the upload.", CHECK_MEDIA),
  row(100, 2018109, RETRY_ONCE, "media_unreadable", "D", "Meta did not accept the media. It may be too large.", CHECK_MEDIA),
  row(100, 2018294, RETRY_ONCE, "media_unreadable", "D", "Meta could not process the media.", CHECK_MEDIA),
  row(2534068, null, REFUSE, "multi_image_unavailable", "W", "Several images in one message are not available here.", "Send the images one by one."),
  row(2022, null, REFUSE, "commerce_disabled", "D", "Commerce messages are turned off for the Page.", "Check the Page's quality in Meta Business Suite."),
];

export type ErrorAction =
  /** Not sent, and never will be. */
  | { do: "refuse" }
  /** Not sent; a retry may work. At most `tries` attempts in total. */
  | { do: "retry"; tries: number }
  /**
   * Not sent: a rate limit. `scope`: the limit is for this kind of call, or for the whole account. `waitMs`: how long
   * to wait if Meta's headers give no time.
   */
  | { do: "throttle"; scope: ThrottleScope; waitMs: number | null }
  /** Not sent; the whole account cannot send. */
  | { do: "hold"; problem: AccountProblem }
  /**
   * May have been sent. `final`: for a private reply, another try cannot succeed. `wrongCall`: for calls other than sends,
   * the same call fails again.
   */
  | { do: "doubt"; final?: true; wrongCall?: true };

export interface ErrorRow {
  code: number;
  /** Null: this code with any subcode that has no own row. */
  subcode: number | null;
  action: ErrorAction;
  /** Short, stable name for machines. */
  reason: string;
  meaning: string;
  /** What a person can do to fix it. */
  advice: string;
  /** `D`: documented by Meta. `W`: seen in public clients, but no page of Meta was found. */
  source: "D" | "W";
}
