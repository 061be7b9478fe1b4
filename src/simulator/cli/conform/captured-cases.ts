/** Bodies in forms that developers captured or reported. The samples are in test/payloads/captures and test/payloads/reports. */
import { toWire, type WireValue } from "../../notifications/wire-format.ts";
import { instagramObjectId, personId } from "../../notifications/meta-ids.ts";
import type { Case, CaseContext } from "./conform-case.ts";
import { acceptedEach } from "./conform-case.ts";

const group = "Body";

type Values = Record<string, WireValue>;

function comments(
  context: CaseContext,
  values: Readonly<Record<string, Values>>,
  field = "comments",
): [string, string][] {
  const { accountId, random } = context;
  const object = field === "feed" ? "page" : "instagram";
  return Object.entries(values).map(([name, value]) => {
    const id = instagramObjectId(random);
    const known: Values = field === "feed" ? { item: "comment", verb: "add", comment_id: `1_${id}` } : { id };
    const changes = [{ field, value: { ...known, ...value } }];
    return [name, toWire({ object, entry: [{ id: accountId, time: 1, changes }] })];
  });
}

function items(context: CaseContext, values: Readonly<Record<string, Values>>): [string, string][] {
  const { accountId, random } = context;
  return Object.entries(values).map(([name, value]) => {
    const parties = { sender: { id: personId(random) }, recipient: { id: accountId }, timestamp: 1 };
    const messaging = [{ ...parties, ...value }];
    return [name, toWire({ object: "instagram", entry: [{ id: accountId, time: 1, messaging }] })];
  });
}

export const CAPTURED_CASES: readonly Case[] = [
  {
    group,
    title: "comments without an author, an author's id, a text or a media",
    why: "Meta leaves each of them out at times, most often in the account's own comments",
    run(context) {
      const text = "conformance check";
      const media = { id: instagramObjectId(context.random), media_product_type: "FEED" };
      const stranger = personId(context.random);
      return acceptedEach(
        [
          ...comments(context, {
            "no from": { media, text },
            "no id in from": { from: { username: "conformance.check" }, media, text },
            "no text, as for a GIF": { from: { id: stranger, username: "conformance.check" }, media },
            "no media": { from: { id: stranger, username: "conformance.check" }, text },
            "self_ig_scoped_id of another person": {
              from: { id: stranger, username: "conformance.check", self_ig_scoped_id: stranger },
              media,
              text,
            },
          }),
          ...comments(
            context,
            {
              "no from in the feed": { message: text, post_id: `${context.accountId}_1` },
              "sender_id in place of from": { message: text, sender_id: context.accountId, sender_name: "Check" },
            },
            "feed",
          ),
        ],
        context.probe,
      );
    },
  },
  {
    group,
    title: "messages without a text, in every form that was captured",
    why: "a receiver that reads attachments[0].payload.url crashes on each of them",
    run: (context) =>
      acceptedEach(
        items(context, {
          "a template with an empty list": {
            message: { mid: "m1", attachments: [{ type: "template", payload: { generic: [] } }] },
          },
          "an attachment without a payload": { message: { mid: "m2", attachments: [{ type: "ephemeral" }] } },
          "a payload that is null": { message: { mid: "m3", attachments: [{ type: "share", payload: null }] } },
          "attachments that are no list": { message: { mid: "m4", attachments: { type: "image" } } },
          "a deleted echo": { message: { mid: "m5", is_echo: true, is_deleted: true } },
          "an edit that is none": { message_edit: { mid: "m6", num_edit: 0 } },
          "a reaction without a name": { reaction: { mid: "m7", action: "react", emoji: "\u2764\ufe0f" } },
          "a story mention as a referral": {
            referral: {
              source: "STORY_MENTION",
              type: "OPEN_THREAD",
              story: { id: "1", url: "https://story.example/" },
            },
          },
          "an answer to a survey": { messaging_feedback: { feedback_screens: [{ screen_id: 0, questions: {} }] } },
        }),
        context.probe,
      ),
  },
  {
    group,
    title: "messaging items without a sender, or without both parties",
    why: "edits and checkbox opt-ins come without them, and entry.id is the only account that they name",
    run({ accountId, probe }) {
      const body = (object: string, item: Values): string =>
        toWire({ object, entry: [{ id: accountId, time: 1, messaging: [item] }] });
      const timestamp = 1;
      return acceptedEach(
        [
          ["an edit", body("instagram", { timestamp, message_edit: { mid: "m1", num_edit: 0 } })],
          [
            "a checkbox opt-in",
            body("page", { recipient: { id: accountId }, timestamp, optin: { ref: "ORDER_5", user_ref: "ref-77aa" } }),
          ],
        ],
        probe,
      );
    },
  },
];
