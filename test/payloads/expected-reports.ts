/**
 * What the bodies in `captures/` and `reports/` are read as: one row per event. README.md says where they come from.
 *
 * A row states the right values. Where the reader is known to be wrong, `today` has what it reads instead, and a comment
 * names the item of the work that makes it right: that change removes `today`.
 */
import type { MissReason, TriggerOn } from "../../src/core/automation/automation.ts";
import type { EventKind } from "../../src/core/event.ts";

interface Reading {
  on: readonly TriggerOn[];
  blocked: MissReason | null;
  username: string | null;
}

export interface ExpectedReading extends Reading {
  kind: EventKind;
  today?: Partial<Reading>;
}

/** Triggers nothing. */
const silent = (kind: EventKind, blocked: MissReason | null = null): ExpectedReading => ({
  kind,
  on: [],
  blocked,
  username: null,
});

/** What a person did, and nothing forbids a reply. */
const answerable = (kind: EventKind, on: readonly TriggerOn[], username: string | null = null): ExpectedReading => ({
  kind,
  on,
  blocked: null,
  username,
});

const commentBy = (username: string | null): ExpectedReading => answerable("comment", ["comment"], username);
const message = answerable("message", ["message"]);

export const EXPECTED_CAPTURES: Readonly<Record<string, readonly ExpectedReading[]>> = {
  "02-edit0-with-parties.json": [silent("message_edit")],
  "03-edit0-without-parties.json": [silent("message_edit")],
  "04-own-comment.json": [{ ...commentBy("shop"), blocked: "own_comment" }],
  "05-dashboard-test-comments.json": [{ ...commentBy("test"), blocked: "test_event" }],
  // self_ig_scoped_id alone does not make a comment the account's own.
  "06-stranger-with-self-id.json": [commentBy("person")],
  "08-comment-no-text-gif.json": [commentBy("person")],
  "11-echo-ig-reel.json": [silent("echo", "echo")],
  "14-dm-template-shared-comment.json": [message],
  "17-story-mention.json": [answerable("message", ["story_mention"])],
  "20-reaction.json": [answerable("reaction", ["reaction"])],
  "23-quick-reply.json": [message],
  "24-referral-igme.json": [answerable("referral", ["referral"])],
  // A message that carries a referral fires `referral`, before the other triggers.
  "26-ad-referral-on-message.json": [answerable("message", ["referral", "message"])],
  "30-page-feed-like-comment.json": [{ ...silent("feed"), username: "N" }],
  "38-messaging-feedback.json": [silent("unknown")],
  "39-message-edit-real.json": [silent("message_edit")],
  "42-page-referral-flow.json": [answerable("referral", ["referral"])],
};

export const EXPECTED_REPORTS: Readonly<Record<string, readonly ExpectedReading[]>> = {
  // A referral with the source STORY_MENTION is a story mention.
  "01-story-mention-referral.json": [answerable("referral", ["story_mention"])],
  "01b-igme-referral.json": [answerable("referral", ["referral"])],
  // Own comments that the payload alone does not give away: the account compares them with its own records.
  "03-own-comment-username-only.json": [commentBy("ourshop")],
  "03b-own-comment-other-id.json": [commentBy("ourshop")],
  "04-page-own-comment-without-from.json": [answerable("feed", ["comment"])],
  "05-page-post-id-forms.json": [answerable("feed", ["comment"], "A Person")],
  "06-reply-to-strangers-comment.json": [commentBy("nadia")],
  "07-deleted-echo-ephemeral-unknown.json": [silent("message_deleted"), message, message, message, message],
  "08-comment-and-mention-same-id.json": [commentBy("nadia"), answerable("mention", ["mention"])],
  "09-batched-feed-changes.json": [
    answerable("feed", ["comment"], "A"),
    answerable("feed", ["comment"], "B"),
    { ...silent("feed"), username: "Shop" },
  ],
  "10-checkbox-optin-user-ref.json": [answerable("optin", ["optin"])],
  "11-request-thread-control.json": [silent("handover"), message],
  "12-carousel-comment.json": [commentBy("nadia")],
  "14-template-echo-human-photo.json": [silent("echo", "echo")],
  "15-button-template-echo-first.json": [silent("echo", "echo")],
  "16-instant-reply-echo.json": [message, silent("echo", "echo")],
};

/** Inputs of other tests: pairs of a comment and a keyword, and contents of messages. */
export const NO_BODIES: readonly string[] = ["02-accents.json", "13-template-limits.json"];
