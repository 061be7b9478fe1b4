import * as v from "valibot";
import { RATE_LIMITS, REPLY_STATES } from "../core/reply/reply.ts";
import { stop } from "./kill-switch.ts";
import { settings } from "./settings.ts";
import { idText, picklist, strictObject, string, timeMs } from "./building-blocks.ts";

const platform = picklist(["instagram", "page"]);
const login = picklist(["instagram", "facebook"]);

const problem = v.picklist(["token", "permission", "blocked"]);

/** The `:id` of a route: any account that has ever been heard of, also one with an id that Meta should not have sent. */
export const accountId = v.pipe(
  idText(128),
  v.description("The `entry.id` of the account's webhooks: of an Instagram professional account, or of a Page."),
);

/** An account that is connected by hand; a name or an @handle here would wait for events for ever. */
export const connectableAccountId = v.pipe(
  v.string(),
  v.regex(
    /^[1-9][0-9]{0,31}$/,
    "must be the number that Meta's webhooks carry as entry.id (for Instagram, user_id of GET /me?fields=user_id)",
  ),
  v.description("The `entry.id` of the account's webhooks."),
);

export const connection = v.pipe(
  strictObject({
    platform: v.pipe(platform, v.description("What the account is.")),
    login: v.pipe(login, v.description("Which login gave the token; a Page has the Facebook one only.")),
    accessToken: v.pipe(
      v.string("must be a string"),
      v.regex(/^[\x21-\x7e]{1,4096}$/, "must be the token alone: not empty, no spaces or line breaks in it"),
      v.description("Kept encrypted; no answer ever shows it."),
    ),
    sendAs: v.exactOptional(
      v.pipe(idText(64), v.description("The id in the Graph path where it is not the account's own: the linked Page.")),
    ),
    username: v.exactOptional(string({ min: 1, max: 200 })),
    tokenExpiresAt: v.exactOptional(timeMs),
  }),
  v.forward(
    v.check(
      (given) => !(given.platform === "page" && given.login === "instagram"),
      'must be "facebook" for a Page: Instagram Login gives no token for Pages',
    ),
    ["login"],
  ),
);
export type Connection = v.InferOutput<typeof connection>;

export const profile = v.object({
  id: v.string(),
  platform,
  login,
  username: v.nullable(v.string()),
  sendAs: v.nullable(v.string()),
  tokenExpiresAt: v.nullable(v.number()),
  connectedAt: v.number(),
});
/** How an account is connected. The token itself is encrypted, and never part of this. */
export type Profile = v.InferOutput<typeof profile>;

const itemEntries = {
  id: v.string(),
  connected: v.pipe(v.boolean(), v.description("Has a token. Without one, events are captured and nothing is sent.")),
  platform: v.nullable(platform),
  login: v.nullable(login),
  username: v.nullable(v.string()),
  tokenExpiresAt: v.nullable(v.number()),
  firstSeenAt: v.number(),
  lastEventAt: v.nullable(v.number()),
  lastReplyAt: v.nullable(v.number()),
  openReplies: v.number(),
  hold: v.pipe(v.nullable(v.string()), v.description("What keeps it from sending: token, permission, blocked.")),
  sending: v.string(),
};

export const accountItem = v.object(itemEntries);
export type AccountItem = v.InferOutput<typeof accountItem>;

export const accountState = v.object({
  profile: v.nullable(profile),
  settings,
  hold: v.nullable(
    v.object({
      problem,
      code: v.string(),
      reason: v.string(),
      since: v.number(),
      until: v.pipe(v.nullable(v.number()), v.description("Null: until somebody acts.")),
    }),
  ),
  stop: v.pipe(
    v.nullable(stop),
    v.description("All sending, of every account, is stopped by hand: PUT /api/incident."),
  ),
  lanes: v.array(
    v.object({
      lane: v.picklist(RATE_LIMITS),
      used: v.number(),
      limit: v.number(),
      windowMs: v.number(),
      waiting: v.number(),
      openAt: v.number(),
    }),
  ),
  events: v.pipe(v.number(), v.description("Events kept.")),
  replies: v.pipe(v.object(v.entriesFromList(REPLY_STATES, v.number())), v.description("Replies kept, by state.")),
  lastEventAt: v.nullable(v.number()),
  lastReplyAt: v.nullable(v.number()),
  token: v.nullable(
    v.object({
      savedAt: v.number(),
      expiresAt: v.pipe(v.nullable(v.number()), v.description("Null: never, or not known.")),
      checkedAt: v.pipe(v.nullable(v.number()), v.description("When Meta last accepted it.")),
      scopes: v.pipe(v.nullable(v.array(v.string())), v.description("Granted permissions; null: not known.")),
      warning: v.pipe(
        v.nullable(v.picklist(["expired", "expires_soon", "refused", "wrong_account"])),
        v.description("What a person should act on: connect the account again."),
      ),
      belongsTo: v.pipe(v.nullable(v.string()), v.description("The account whose token it is, where it is another's.")),
      failure: v.nullable(v.string()),
      nextAt: v.pipe(v.number(), v.description("When it is refreshed or checked next.")),
    }),
  ),
  subscription: v.nullable(
    v.object({
      wanted: v.array(v.string()),
      missing: v.array(v.string()),
      state: v.picklist(["ok", "repaired", "missing", "refused"]),
      code: v.nullable(v.string()),
      checkedAt: v.nullable(v.number()),
    }),
  ),
});
export type AccountState = v.InferOutput<typeof accountState>;
/** Why nothing is sent at the moment, although sending is on. */
export type Hold = NonNullable<AccountState["hold"]>;
/** What is known about the token, without the token. */
export type TokenState = NonNullable<AccountState["token"]>;
/** `repaired`: something was gone, and is there again. `missing`: it is gone. `refused`: Meta does not allow it. */
export type SubscriptionState = NonNullable<AccountState["subscription"]>;
export type RateLimitItem = AccountState["lanes"][number];

/** The item as lists show it, refreshed from the account itself, and the account's own state. */
export const accountDetail = v.object({ ...itemEntries, state: accountState });
export type AccountDetail = v.InferOutput<typeof accountDetail>;
