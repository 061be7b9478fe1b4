import * as v from "valibot";
import { SETUPS, type WebhookField } from "../meta/fields.ts";
import { array, strictObject, string } from "./building-blocks.ts";

export const subscribedApp = v.object({
  appId: v.pipe(v.nullable(v.string()), v.description("Null if Meta returns no app.")),
  name: v.nullable(v.string()),
  fields: v.array(v.string()),
});
export type SubscribedApp = v.InferOutput<typeof subscribedApp>;

export const subscription = strictObject({
  fields: v.pipe(
    array(string({ min: 1, max: 100 }), { min: 1, max: 100 }),
    v.description("Replaces the subscribed fields. GET /api/fields lists the fields for each kind of account."),
  ),
});

export const setup = v.pipe(
  v.picklist(SETUPS, `must be one of ${SETUPS.join(", ")}`),
  v.description("The kind of login and account that a field is for."),
);

export const webhookField = v.object({
  setup,
  object: v.pipe(v.picklist(["instagram", "page", "user"]), v.description("`object` of its webhooks.")),
  field: v.string(),
  permissions: v.pipe(v.array(v.string()), v.readonly(), v.description("All of these permissions are needed.")),
  includedIn: v.pipe(
    v.nullable(v.string()),
    v.description("Cannot be subscribed: its events are included in this field."),
  ),
  note: v.nullable(v.string()),
}) satisfies v.GenericSchema<unknown, WebhookField>;
