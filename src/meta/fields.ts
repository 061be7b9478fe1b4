/**
 * Webhook fields, one row each: its setups and permissions, its events and triggers, and whether a new connection
 * subscribes to it. All other lists of fields are derived from these rows: the field check, the reader's kinds, the
 * subscription of a new connection, the doctor, the simulator and `GET /api/fields`.
 *
 * Instagram: https://developers.facebook.com/documentation/instagram-platform/webhooks, table "Subscribe to webhook
 * fields", plus `message_edit` (https://developers.facebook.com/docs/graph-api/webhooks/reference/instagram).
 * Page: https://developers.facebook.com/docs/graph-api/webhooks/reference/page and
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks.
 */
import type { TriggerOn } from "../core/automation/automation.ts";
import type { EventKind } from "../core/event.ts";

/**
 * `instagram_login`: Instagram API with Instagram Login. `facebook_login`: with Facebook Login. `messenger_instagram`:
 * Instagram messaging through the Messenger Platform. `page`: a Facebook Page. `user`: a person who uses the app.
 */
export const SETUPS = ["instagram_login", "facebook_login", "messenger_instagram", "page", "user"] as const;
export type Setup = (typeof SETUPS)[number];

type FieldObject = "instagram" | "page" | "user";

interface FieldRow {
  /** `object` of its notifications. */
  object: FieldObject;
  field: string;
  /** All permissions that it requires in each setup; or the field that includes its events there. */
  setups: Partial<Record<Setup, readonly string[] | { includedIn: string }>>;
  /**
   * The kinds of its events. If two fields of an object have the same kind, the first row is the field of the event.
   */
  kinds?: readonly EventKind[];
  /** Automation triggers that need this field. */
  triggers?: readonly TriggerOn[];
  /**
   * Whether a new connection subscribes to it. `default`: yes. `essential`: yes, and also in the shorter list that is
   * tried after Meta refuses the whole list because of one field. Absent: only on request.
   */
  subscribe?: "essential" | "default";
  /** The Page's field with the same events. */
  onPages?: string;
  note?: string;
}

const LINKED_PAGE = ["pages_manage_metadata", "pages_read_engagement", "pages_show_list"];
const FB_INSIGHTS = ["instagram_basic", "instagram_manage_insights", ...LINKED_PAGE];
const PAGE = ["pages_manage_metadata", "pages_show_list"];

const COMMENTS: FieldRow["setups"] = {
  instagram_login: ["instagram_business_basic", "instagram_business_manage_comments"],
  facebook_login: ["instagram_basic", "instagram_manage_comments", ...LINKED_PAGE],
};
const WITH_INSTAGRAM_LOGIN: FieldRow["setups"] = {
  instagram_login: ["instagram_business_basic", "instagram_business_manage_messages"],
};
const BEHIND_A_PAGE: FieldRow["setups"] = {
  messenger_instagram: ["instagram_basic", "instagram_manage_messages", ...LINKED_PAGE],
};
const MESSAGES: FieldRow["setups"] = { ...WITH_INSTAGRAM_LOGIN, ...BEHIND_A_PAGE };

const LIVE_NOTE = "Only during the broadcast.";
const PUBLIC_NOTE = "Only if the account that owns the media is public.";

const instagram = (field: string, setups: FieldRow["setups"], rest: Partial<FieldRow> = {}): FieldRow => ({
  object: "instagram",
  field,
  setups,
  ...rest,
});
const page = (field: string, permissions: readonly string[], rest: Partial<FieldRow> = {}): FieldRow => ({
  object: "page",
  field,
  setups: { page: permissions },
  ...rest,
});
const pageMessages = (field: string, kinds: readonly EventKind[], rest: Partial<FieldRow> = {}): FieldRow =>
  page(field, [...PAGE, "pages_messaging"], { kinds, ...rest });
const user = (field: string, permission: string): FieldRow => ({
  object: "user",
  field,
  setups: { user: [permission] },
});

/** To add a field, add one row here. Its events are read in `reader/` and `views/`. */
const ROWS: readonly FieldRow[] = [
  instagram("comments", COMMENTS, {
    kinds: ["comment"],
    triggers: ["comment"],
    subscribe: "essential",
    onPages: "feed",
    note: PUBLIC_NOTE,
  }),
  instagram("live_comments", COMMENTS, {
    kinds: ["live_comment"],
    triggers: ["live_comment"],
    subscribe: "essential",
    note: LIVE_NOTE,
  }),
  instagram(
    "mentions",
    { ...COMMENTS, instagram_login: { includedIn: "comments" } },
    { kinds: ["mention"], triggers: ["mention"], onPages: "mention", note: PUBLIC_NOTE },
  ),
  instagram(
    "story_insights",
    { facebook_login: FB_INSIGHTS },
    { kinds: ["story_insights"], note: "Once per story, with the figures of its first 24 hours." },
  ),
  instagram("messages", MESSAGES, {
    // Instagram's echoes may arrive with either field and do not say which.
    kinds: ["message", "message_deleted", "echo"],
    triggers: ["message", "story_reply", "story_mention"],
    subscribe: "essential",
  }),
  instagram(
    "message_echoes",
    { ...WITH_INSTAGRAM_LOGIN, messenger_instagram: { includedIn: "messages" } },
    {
      kinds: ["echo"],
      subscribe: "essential",
      // Meta's table lists the comments permission for this message field, which looks like a mistake.
      note: "Meta's table lists instagram_business_manage_comments for this field.",
    },
  ),
  instagram("message_edit", MESSAGES, {
    kinds: ["message_edit"],
    subscribe: "default",
    onPages: "message_edits",
    note: "Also sent with num_edit 0 together with a new message, which is not an edit.",
  }),
  instagram("message_reactions", MESSAGES, { kinds: ["reaction"], triggers: ["reaction"], subscribe: "default" }),
  instagram("messaging_handover", MESSAGES, {
    kinds: ["handover"],
    subscribe: "default",
    onPages: "messaging_handovers",
  }),
  instagram("messaging_optins", WITH_INSTAGRAM_LOGIN, { kinds: ["optin"], triggers: ["optin"], subscribe: "default" }),
  instagram("messaging_policy_enforcement", BEHIND_A_PAGE, { kinds: ["policy_enforcement"] }),
  instagram("messaging_postbacks", MESSAGES, { kinds: ["postback"], triggers: ["postback"], subscribe: "essential" }),
  instagram("messaging_referral", MESSAGES, {
    kinds: ["referral"],
    triggers: ["referral"],
    subscribe: "default",
    onPages: "messaging_referrals",
  }),
  instagram("messaging_seen", MESSAGES, { kinds: ["seen"], subscribe: "default", onPages: "message_reads" }),
  instagram("response_feedback", BEHIND_A_PAGE, { kinds: ["response_feedback"] }),
  instagram("standby", MESSAGES, { kinds: ["standby"], subscribe: "default" }),

  page("feed", PAGE, {
    kinds: ["feed"],
    triggers: ["comment"],
    subscribe: "essential",
    note: 'Posts, comments, reactions and shares; comments have item "comment".',
  }),
  page("mention", PAGE, { kinds: ["mention"], triggers: ["mention"], subscribe: "default" }),
  page("ratings", PAGE),
  page("live_videos", PAGE),
  page("videos", PAGE),
  page("leadgen", [...PAGE, "leads_retrieval"]),
  pageMessages("messages", ["message", "message_deleted"], { triggers: ["message"], subscribe: "essential" }),
  pageMessages("message_deliveries", ["delivery"]),
  pageMessages("message_echoes", ["echo"], { subscribe: "essential" }),
  pageMessages("message_edits", ["message_edit"], { subscribe: "default" }),
  pageMessages("message_reactions", ["reaction"], { triggers: ["reaction"], subscribe: "default" }),
  pageMessages("message_reads", ["seen"], { subscribe: "default" }),
  pageMessages("messaging_account_linking", ["account_linking"], {
    note: "A response other than 200 aborts the linking.",
  }),
  pageMessages("messaging_customer_information", []),
  pageMessages("messaging_game_plays", ["game_play"]),
  pageMessages("messaging_handovers", ["handover"], { subscribe: "default" }),
  pageMessages("messaging_optins", ["optin"], { triggers: ["optin"], subscribe: "default" }),
  pageMessages("messaging_policy_enforcement", ["policy_enforcement"], { subscribe: "default" }),
  pageMessages("messaging_postbacks", ["postback"], { triggers: ["postback"], subscribe: "essential" }),
  pageMessages("messaging_referrals", ["referral"], { triggers: ["referral"], subscribe: "default" }),
  pageMessages("response_feedback", ["response_feedback"]),
  pageMessages("send_cart", ["order"]),
  pageMessages("standby", ["standby"], { subscribe: "default" }),

  user("photos", "user_photos"),
  user("videos", "user_videos"),
  user("likes", "user_likes"),
  user("feed", "user_posts"),
  user("friends", "user_friends"),
  user("location", "user_location"),
  user("hometown", "user_hometown"),
  user("birthday", "user_birthday"),
  user("email", "email"),
];

/** A field in one setup: an item of the `GET /api/fields` response. */
export interface WebhookField {
  setup: Setup;
  /** `object` of its notifications. */
  object: FieldObject;
  field: string;
  /** All are required. Empty if the field cannot be subscribed to: `includedIn` is the field with its events. */
  permissions: readonly string[];
  includedIn: string | null;
  note: string | null;
}

/** Every field of every setup. */
export const WEBHOOK_FIELDS: readonly WebhookField[] = SETUPS.flatMap((setup) =>
  ROWS.flatMap(({ object, field, setups, note }): WebhookField[] => {
    const access = setups[setup];
    if (access === undefined) return [];
    if ("includedIn" in access) {
      const { includedIn } = access;
      return [{ setup, object, field, permissions: [], includedIn, note: `Its events are included in ${includedIn}.` }];
    }
    return [{ setup, object, field, permissions: access, includedIn: null, note: note ?? null }];
  }),
);

/** The rows of one setup. */
export const fieldsOf = (setup: Setup): readonly WebhookField[] => WEBHOOK_FIELDS.filter((row) => row.setup === setup);

/** The names of an object's fields in all setups. */
export const fieldNames = (object: FieldObject): string[] =>
  ROWS.flatMap((row) => (row.object === object ? row.field : []));

/** The fields of this object that a new connection subscribes to; `essential`: only the shorter list. */
export function subscribedFields(object: FieldObject, essential: boolean): string[] {
  const rows = ROWS.filter((row) => row.object === object);
  return rows.flatMap(({ field, subscribe }) =>
    subscribe === "essential" || (subscribe === "default" && !essential) ? field : [],
  );
}

/** The field that has the events of a trigger; null: the object has no such events. */
export function fieldOfTrigger(object: FieldObject, trigger: TriggerOn): string | null {
  return ROWS.find((row) => row.object === object && row.triggers?.includes(trigger) === true)?.field ?? null;
}

/** The first row of each object and kind. Built once, because it is looked up for every item of a delivery. */
const FIELD_BY_KIND: ReadonlyMap<string, string> = new Map(
  ROWS.toReversed().flatMap(({ object, field, kinds = [] }) =>
    kinds.map((kind) => [`${object} ${kind}`, field] as const),
  ),
);

/**
 * The field of a messaging event; the event does not contain it. For a kind that Meta documents only for the other
 * object, it is that object's field.
 */
export function fieldOfKind(object: string, kind: EventKind): string | null {
  const [own, other] = object === "page" ? ["page", "instagram"] : ["instagram", "page"];
  return FIELD_BY_KIND.get(`${own} ${kind}`) ?? FIELD_BY_KIND.get(`${other} ${kind}`) ?? null;
}

/** Kinds that arrive under `changes`. Messages that arrive there are classified by their content. */
const CHANGES: ReadonlySet<EventKind> = new Set(["comment", "live_comment", "mention", "story_insights", "feed"]);

const KIND_BY_FIELD: ReadonlyMap<string, EventKind> = new Map(
  ROWS.flatMap(({ object, field, kinds = [] }) =>
    kinds.filter((kind) => CHANGES.has(kind)).map((kind) => [`${object} ${field}`, kind] as const),
  ),
);

/** The kind of a change, by its field; null if it has no own kind. */
export const kindOfChange = (object: string, field: string): EventKind | null =>
  KIND_BY_FIELD.get(`${object} ${field}`) ?? null;

/** The field with the same events on the other object. */
export const NAMESAKES: readonly (readonly [instagram: string, page: string])[] = ROWS.flatMap(({ field, onPages }) =>
  onPages === undefined ? [] : [[field, onPages] as const],
);

/**
 * More fields that the Page edge of `subscribed_apps` accepts. Replyline only captures them: the profile of the Page,
 * and products without replies (the values of `subscribed_fields`, Meta Business SDK 23.0.0).
 */
const OTHER_PAGE_FIELDS: ReadonlySet<string> = new Set(
  `affiliation agent_messages agent_questions attire awards bio birthday business_integrity call_permission_reply
  call_settings_update calls category checkins comment_poll_response company_overview conversations
  culinary_team current_location description email feature_access_list follow founded general_info general_manager group_feed
  hometown hours inbox_labels invoice_access_bank_slip_events invoice_access_invoice_change
  invoice_access_invoice_draft_change invoice_access_onboarding_status_active leadgen_fat leadgen_update local_delivery location
  marketing_message_clicks marketing_message_deliveries marketing_message_delivery_failed marketing_message_echoes
  marketing_message_reads marketing_messages_subscriber_upload_status mcom_invoice_change members
  merchant_review message_context message_mention message_template_status_update messaging_appointments
  messaging_checkout_updates messaging_direct_sends messaging_fblogin_account_linking messaging_feedback
  messaging_in_thread_lead_form_submit messaging_integrity messaging_optouts messaging_payments messaging_pre_checkouts
  mission name page_about_story page_change_proposal page_upcoming_change parking payment_options payment_request_update
  personal_info personal_interests phone picture price_range product_review products public_transit
  publisher_subscriptions registration story_poll_response story_share user_action video_text_question_responses website`.split(
    /\s+/,
  ),
);

/** Whether the Page edge accepts this field although Replyline does not use it. */
export const isOtherPageField = (field: string): boolean => OTHER_PAGE_FIELDS.has(field);
