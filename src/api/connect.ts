import * as v from "valibot";
import { array, integer, picklist, strictObject, string } from "./building-blocks.ts";

const DAYS_30_HOURS = 720;

export const newInvite = strictObject({
  login: v.exactOptional(v.pipe(picklist(["instagram", "facebook"]), v.description("Absent: the guest may choose."))),
  label: v.exactOptional(v.pipe(string({ min: 1, max: 80 }), v.description("For whom it is; shown to the guest."))),
  expiresInHours: v.optional(v.pipe(integer(1, DAYS_30_HOURS), v.description("How long it is good.")), 168),
});

const inviteEntries = {
  id: v.string(),
  login: v.nullable(v.picklist(["instagram", "facebook"])),
  label: v.nullable(v.string()),
  createdAt: v.number(),
  expiresAt: v.number(),
  usedAt: v.pipe(v.nullable(v.number()), v.description("Used up by a connection; opening it uses nothing.")),
  revokedAt: v.nullable(v.number()),
  accountIds: v.pipe(v.array(v.string()), v.description("What was connected with it.")),
};

const storedInvite = v.object(inviteEntries);
export type Invite = v.InferOutput<typeof storedInvite>;

export const invite = v.object({
  ...inviteEntries,
  url: v.pipe(v.nullable(v.string()), v.description("The address to send; null once it is of no use.")),
});

export const APP_OBJECTS = ["page", "user", "permissions", "instagram"] as const;

export const newAppSubscription = strictObject({
  object: v.pipe(
    picklist(APP_OBJECTS),
    v.description("Meta documents page, user and permissions; instagram is tried, and its answer reported."),
  ),
  fields: array(
    v.pipe(v.string("must be a string"), v.regex(/^[a-z][a-z0-9_]{0,63}$/, "must be the name of a field")),
    {
      min: 1,
      max: 100,
    },
  ),
  callbackUrl: v.exactOptional(
    v.pipe(v.string("must be a string"), v.url("must be an address"), v.description("Absent: our own /webhooks.")),
  ),
  verifyToken: v.exactOptional(
    v.pipe(string({ min: 1, max: 200 }), v.description("Absent: META_VERIFY_TOKEN, where the engine has it.")),
  ),
});

export const appSubscriptionAnswer = v.object({
  object: v.picklist(APP_OBJECTS),
  callbackUrl: v.string(),
  success: v.boolean(),
  code: v.pipe(v.nullable(v.string()), v.description("Meta's error code; null on success.")),
  message: v.pipe(v.nullable(v.string()), v.description("Meta's own words.")),
  advice: v.nullable(v.string()),
});

export const appSubscription = v.object({
  object: v.string(),
  callbackUrl: v.nullable(v.string()),
  fields: v.array(v.string()),
});
