/** What Meta sends in the browser tests, in wire form and signed by the simulator. */
import type { SimulatorClient } from "../../src/simulator/cli/api-clients.ts";
import { comment } from "../../src/simulator/notifications/comment-notifications.ts";
import { instagramObjectId, personId, seededRandom } from "../../src/simulator/notifications/meta-ids.ts";
import { deliveriesOf, type Item } from "../../src/simulator/notifications/delivery-body.ts";
import { echo, message } from "../../src/simulator/notifications/message-notifications.ts";
import { toWire } from "../../src/simulator/notifications/wire-format.ts";
import { STUDIO } from "./stack.ts";

export const REEL = "18054321970886143";

/** Another for each file: no two of them may have made the same person. */
const random = seededRandom(Date.now());
const buildContext = () => ({ now: Date.now(), random });

export interface Person {
  id: string;
  username: string;
}

export const newPerson = (username: string): Person => ({ id: personId(random), username });

interface CommentOptions {
  id?: string;
  mediaId?: string;
  /** Whose post it is under. */
  accountId?: string;
  /** How long ago it was written. */
  agoMs?: number;
}

export function commentItem(text: string, from: Person, options: CommentOptions = {}): Item {
  const { id = instagramObjectId(random), mediaId = REEL, accountId = STUDIO.id, agoMs = 0 } = options;
  const context = buildContext();
  return comment({ accountId, text, id, from, mediaId }, { ...context, now: context.now - agoMs });
}

export function messageItem(text: string, from: Person, { accountId = STUDIO.id, agoMs = 0 } = {}): Item {
  const context = buildContext();
  const thread = { platform: "instagram", accountId, personId: from.id } as const;
  return message({ ...thread, text }, { ...context, now: context.now - agoMs });
}

/** The account's owner answers in Instagram's own inbox. Within 5 s of the person's message, it is an automatic reply. */
export const inboxItem = (text: string, to: Person): Item =>
  echo({ platform: "instagram", accountId: STUDIO.id, personId: to.id, text }, buildContext());

export async function deliver(meta: SimulatorClient, items: readonly Item[], size = 50): Promise<void> {
  await meta.deliver(deliveriesOf(items, size).map(toWire));
}
