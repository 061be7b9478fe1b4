import * as v from "valibot";
import { EVENT_KINDS } from "../core/event.ts";
import { decision } from "./automation.ts";

export const eventItem = v.object({
  id: v.pipe(v.string(), v.description("The same update from Meta always has the same id.")),
  kind: v.picklist(EVENT_KINDS),
  field: v.pipe(v.string(), v.description("The webhook field: comments, messages …")),
  accountId: v.string(),
  object: v.string(),
  occurredAt: v.pipe(v.number(), v.description("Meta's time of the event.")),
  receivedAt: v.pipe(v.number(), v.description("When the receiver had read the delivery. Reply delays start here.")),
  deliveryId: v.string(),
  found: v.pipe(v.boolean(), v.description("Meta did not deliver this event; Replyline found it.")),
  proof: v.pipe(
    v.object({ secret: v.string(), form: v.picklist(["raw", "escaped"]) }),
    v.description("Label of the app secret that verified the signature, and the form of the body that was signed."),
  ),
  test: v.pipe(v.boolean(), v.description("Sent with the Test button of the App Dashboard. Never answered.")),
  duplicates: v.pipe(v.number(), v.description("How often the same update arrived again.")),
  decisions: v.pipe(v.array(decision), v.description("What each automation decided.")),
  blocked: v.pipe(v.nullable(v.string()), v.description("Why no automation was evaluated; null when they were.")),
  replyIds: v.array(v.string()),
  personId: v.pipe(v.nullable(v.string()), v.description("Meta's id of the sender, scoped to the app.")),
  username: v.nullable(v.string()),
  text: v.pipe(v.nullable(v.string()), v.description("The text of the person.")),
  raw: v.pipe(v.string(), v.description("The raw item from Meta, as JSON text.")),
});
export type EventItem = v.InferOutput<typeof eventItem>;
