import * as v from "valibot";
import { EVENT_KINDS } from "../core/event.ts";
import { decision } from "./automation.ts";

export const eventItem = v.object({
  id: v.pipe(v.string(), v.description("The same update of Meta's always has the same id.")),
  kind: v.picklist(EVENT_KINDS),
  field: v.pipe(v.string(), v.description("Meta's name of it: comments, messages …")),
  accountId: v.string(),
  object: v.string(),
  occurredAt: v.pipe(v.number(), v.description("When Meta says that it happened.")),
  receivedAt: v.pipe(v.number(), v.description("When the receiver had read the delivery; deferrals count from here.")),
  deliveryId: v.string(),
  proof: v.pipe(
    v.object({ secret: v.string(), form: v.picklist(["raw", "escaped"]) }),
    v.description("Label of the app secret that proved the delivery, and over which form of the body."),
  ),
  test: v.pipe(v.boolean(), v.description("Sent by the App Dashboard's Test button: never answered.")),
  duplicates: v.pipe(v.number(), v.description("How many more times the same update arrived.")),
  decisions: v.pipe(v.array(decision), v.description("What each automation decided.")),
  blocked: v.pipe(v.nullable(v.string()), v.description("Why no automation was asked; null when they were.")),
  replyIds: v.array(v.string()),
  personId: v.pipe(v.nullable(v.string()), v.description("Meta's id of whoever it is from, scoped to the app.")),
  username: v.nullable(v.string()),
  text: v.pipe(v.nullable(v.string()), v.description("What they wrote.")),
  raw: v.pipe(v.string(), v.description("The item as Meta wrote it, as JSON text.")),
});
export type EventItem = v.InferOutput<typeof eventItem>;
