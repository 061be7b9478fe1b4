import * as v from "valibot";
import { array, integer, picklist, strictObject, string } from "./building-blocks.ts";

const DAYS_30_HOURS = 720;

export const newInvite = strictObject({
  login: v.exactOptional(
    v.pipe(picklist(["instagram", "facebook"]), v.description("If missing, the guest can choose.")),
  ),
  label: v.exactOptional(
    v.pipe(string({ min: 1, max: 80 }), v.description("Who the invite is for. The guest sees it.")),
  ),
  expiresInHours: v.optional(v.pipe(integer(1, DAYS_30_HOURS), v.description("Hours until the invite expires.")), 168),
});

const inviteEntries = {
  id: v.string(),
  login: v.nullable(v.picklist(["instagram", "facebook"])),
  label: v.nullable(v.string()),
  createdAt: v.number(),
  expiresAt: v.number(),
  usedAt: v.pipe(
    v.nullable(v.number()),
    v.description("When an account was connected with it. Opening the link does not use it."),
  ),
  revokedAt: v.nullable(v.number()),
  accountIds: v.pipe(v.array(v.string()), v.description("The accounts that were connected with it.")),
};

const storedInvite = v.object(inviteEntries);
export type Invite = v.InferOutput<typeof storedInvite>;

export const invite = v.object({
  ...inviteEntries,
  url: v.pipe(v.nullable(v.string()), v.description("The link to send. Null: used, revoked or expired.")),
});

export const APP_OBJECTS = ["page", "user", "permissions", "instagram"] as const;

export const newAppSubscription = strictObject({
  object: v.pipe(
    picklist(APP_OBJECTS),
    v.description(
      "Meta documents page, user and permissions. For instagram, the call is made and Meta's response is returned.",
    ),
  ),
  fields: array(
    v.pipe(v.string("must be a string"), v.regex(/^[a-z][a-z0-9_]{0,63}$/, "must be the name of a webhook field")),
    {
      min: 1,
      max: 100,
    },
  ),
  callbackUrl: v.exactOptional(
    v.pipe(
      v.string("must be a string"),
      v.url("must be a URL"),
      v.description("Default: /webhooks of this deployment."),
    ),
  ),
  verifyToken: v.exactOptional(
    v.pipe(string({ min: 1, max: 200 }), v.description("Default: META_VERIFY_TOKEN, if it is set for the engine.")),
  ),
});

export const appSubscriptionAnswer = v.object({
  object: v.picklist(APP_OBJECTS),
  callbackUrl: v.string(),
  success: v.boolean(),
  code: v.pipe(v.nullable(v.string()), v.description("Meta's error code; null on success.")),
  message: v.pipe(v.nullable(v.string()), v.description("Meta's error message.")),
  advice: v.nullable(v.string()),
});

export const appSubscription = v.object({
  object: v.string(),
  callbackUrl: v.nullable(v.string()),
  fields: v.array(v.string()),
});
