/** The accounts, automations and comments of the demo. All names are invented. */
import type { BuildContext, Item } from "../../src/simulator/notifications/delivery-body.ts";
import { comment } from "../../src/simulator/notifications/comment-notifications.ts";
import { instagramObjectId, personId, type Random } from "../../src/simulator/notifications/meta-ids.ts";

export const STUDIO = { id: "17841460928374651", username: "northlight.studio" };
export const BAKERY = { id: "104857392817465", name: "Harbour Bakery", username: "harbourbakery" };

export const REEL = "18054321970886143";
/** An ad made from the reel: another media id, the same comments. */
export const AD_MEDIA = "17902266381450917";

export const GUIDE = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: [] },
  actions: {
    privateReply: { text: "Hi {{username}}, here it is: https://example.com/guide" },
    publicReply: { texts: ["Sent! Check your messages."] },
  },
  deferSeconds: 10,
};

export const OPENING_HOURS = {
  id: "hours",
  name: "Opening hours",
  enabled: true,
  trigger: { on: "message", keywords: ["open"], match: "word", mediaIds: [] },
  actions: { message: { text: "We are open from 7 to 15, and closed on Mondays." } },
  deferSeconds: 10,
};

/** How many comments are in the large delivery, and how many of them contain the keyword. */
export const BATCH = 1000;
export const BATCH_ASKING = 3;

const REMARKS = ["love this", "🔥🔥🔥", "where is this?", "so calm", "the light!!", "Grüße aus Köln", "wow"];

/** A thousand comments, the most that Meta sends in one delivery. `asking`: the ids of those that contain the keyword. */
export function crowd(buildContext: BuildContext): { items: Item[]; asking: string[] } {
  const { random } = buildContext;
  const asking: string[] = [];
  const every = Math.floor(BATCH / BATCH_ASKING);
  const items = Array.from({ length: BATCH }, (_, index) => {
    const id = instagramObjectId(random);
    const asks = index % every === every - 1 && asking.length < BATCH_ASKING;
    if (asks) asking.push(id);
    const remark = REMARKS[Math.floor(random() * REMARKS.length)] ?? "wow";
    const text = asks ? "could I have the guide too? 🙏" : remark;
    return comment({ accountId: STUDIO.id, id, text, from: commenter(random), mediaId: REEL }, buildContext);
  });
  return { items, asking };
}

const commenter = (random: Random): { id: string; username: string } => {
  const id = personId(random);
  return { id, username: `reader.${id.slice(-5)}` };
};
