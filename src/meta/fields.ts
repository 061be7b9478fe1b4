/**
 * Webhook fields: what arrives for which set-up, and which permissions it takes.
 *
 * Instagram: https://developers.facebook.com/documentation/instagram-platform/webhooks, table "Subscribe to webhook
 * fields", plus `message_edit` (https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram).
 * Page: https://developers.facebook.com/docs/graph-api/webhooks/reference/page and
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks.
 */

/**
 * `instagram_login`: Instagram API with Instagram Login. `facebook_login`: with Facebook Login. `messenger_instagram`:
 * Instagram messaging through the Messenger Platform. `page`: a Facebook Page. `user`: somebody who uses the app.
 */
export const SETUPS = ["instagram_login", "facebook_login", "messenger_instagram", "page", "user"] as const;
export type Setup = (typeof SETUPS)[number];

export interface WebhookField {
  setup: Setup;
  /** `object` of its notifications. */
  object: "instagram" | "page" | "user";
  field: string;
  /** All of these. Empty where the field cannot be chosen: `includedIn` says what brings its events. */
  permissions: readonly string[];
  includedIn: string | null;
  note: string | null;
}

const IG_COMMENTS = ["instagram_business_basic", "instagram_business_manage_comments"];
const IG_MESSAGES = ["instagram_business_basic", "instagram_business_manage_messages"];
const LINKED_PAGE = ["pages_manage_metadata", "pages_read_engagement", "pages_show_list"];
const FB_COMMENTS = ["instagram_basic", "instagram_manage_comments", ...LINKED_PAGE];
const FB_INSIGHTS = ["instagram_basic", "instagram_manage_insights", ...LINKED_PAGE];
const FB_MESSAGES = ["instagram_basic", "instagram_manage_messages", ...LINKED_PAGE];
const PAGE = ["pages_manage_metadata", "pages_show_list"];
const PAGE_MESSAGES = [...PAGE, "pages_messaging"];

const LIVE_NOTE = "Only while the broadcast runs.";
const PUBLIC_NOTE = "Only while the account that owns the media is public.";

function rows(
  setup: Setup,
  object: WebhookField["object"],
  permissions: readonly string[],
  fields: readonly (string | readonly [field: string, note: string])[],
): WebhookField[] {
  return fields.map((entry) => {
    const [field, note] = typeof entry === "string" ? [entry, null] : entry;
    return { setup, object, field, permissions, includedIn: null, note };
  });
}

const included = (setup: Setup, field: string, includedIn: string): WebhookField => ({
  setup,
  object: "instagram",
  field,
  permissions: [],
  includedIn,
  note: `Its events come with ${includedIn}.`,
});

export const WEBHOOK_FIELDS: readonly WebhookField[] = [
  ...rows("instagram_login", "instagram", IG_COMMENTS, [
    ["comments", PUBLIC_NOTE],
    ["live_comments", LIVE_NOTE],
  ]),
  included("instagram_login", "mentions", "comments"),
  ...rows("instagram_login", "instagram", IG_MESSAGES, [
    "messages",
    // Meta's table names the comments permission for this one field of the messages, which looks like a slip.
    ["message_echoes", "Meta's table asks for instagram_business_manage_comments here."],
    ["message_edit", "Also sent with num_edit 0 beside a new message; that is no edit."],
    "message_reactions",
    "messaging_handover",
    "messaging_optins",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
  ]),

  ...rows("facebook_login", "instagram", FB_COMMENTS, [
    ["comments", PUBLIC_NOTE],
    ["live_comments", LIVE_NOTE],
    ["mentions", PUBLIC_NOTE],
  ]),
  ...rows("facebook_login", "instagram", FB_INSIGHTS, [
    ["story_insights", "Once per story, with the figures of its first 24 hours."],
  ]),

  ...rows("messenger_instagram", "instagram", FB_MESSAGES, [
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_handover",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "response_feedback",
    "standby",
  ]),
  included("messenger_instagram", "message_echoes", "messages"),

  ...rows("page", "page", PAGE, [
    ["feed", 'Posts, comments, reactions and shares; comments have item "comment".'],
    "mention",
    "ratings",
    "live_videos",
    "videos",
  ]),
  ...rows("page", "page", [...PAGE, "leads_retrieval"], ["leadgen"]),
  ...rows("page", "page", PAGE_MESSAGES, [
    "messages",
    "message_deliveries",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    ["messaging_account_linking", "Not answering with 200 aborts the linking."],
    "messaging_customer_information",
    "messaging_game_plays",
    "messaging_handovers",
    "messaging_optins",
    "messaging_policy_enforcement",
    "messaging_postbacks",
    "messaging_referrals",
    "response_feedback",
    "send_cart",
    "standby",
  ]),

  ...rows("user", "user", ["user_photos"], ["photos"]),
  ...rows("user", "user", ["user_videos"], ["videos"]),
  ...rows("user", "user", ["user_likes"], ["likes"]),
  ...rows("user", "user", ["user_posts"], ["feed"]),
  ...rows("user", "user", ["user_friends"], ["friends"]),
  ...rows("user", "user", ["user_location"], ["location"]),
  ...rows("user", "user", ["user_hometown"], ["hometown"]),
  ...rows("user", "user", ["user_birthday"], ["birthday"]),
  ...rows("user", "user", ["email"], ["email"]),
];

/**
 * Fields that the Page edge of `subscribed_apps` takes beside those above, and which Replyline only captures: the
 * profile of the Page, and products that answer nobody (the values of `subscribed_fields`, Meta Business SDK 23.0.0).
 */
const OTHER_PAGE_FIELDS: ReadonlySet<string> = new Set(
  `affiliation attire awards bio birthday call_permission_reply calls category checkins company_overview conversations
  culinary_team current_location description email feature_access_list founded general_info general_manager group_feed
  hometown hours inbox_labels invoice_access_bank_slip_events invoice_access_invoice_change
  invoice_access_invoice_draft_change invoice_access_onboarding_status_active leadgen_fat local_delivery location marketing_message_delivery_failed mcom_invoice_change members
  merchant_review message_context message_mention message_template_status_update messaging_appointments
  messaging_checkout_updates messaging_direct_sends messaging_fblogin_account_linking messaging_feedback
  messaging_in_thread_lead_form_submit messaging_integrity messaging_optouts messaging_payments messaging_pre_checkouts
  mission name page_about_story page_change_proposal page_upcoming_change parking payment_options payment_request_update
  personal_info personal_interests phone picture price_range product_review products public_transit
  publisher_subscriptions registration user_action video_text_question_responses website`.split(/\s+/),
);

/** Whether the Page edge takes this field although Replyline has no use for it. */
export const isOtherPageField = (field: string): boolean => OTHER_PAGE_FIELDS.has(field);

/** The rows of one set-up. */
export const fieldsOf = (setup: Setup): readonly WebhookField[] => WEBHOOK_FIELDS.filter((row) => row.setup === setup);
