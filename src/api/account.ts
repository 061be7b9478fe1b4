import * as v from "valibot";
import { RATE_LIMITS, REPLY_STATES } from "../core/reply/reply.ts";
import { stop } from "./kill-switch.ts";
import { settings } from "./settings.ts";
import { idText, picklist, strictObject, string, timeMs } from "./building-blocks.ts";

const platform = picklist(["instagram", "page"]);
const login = picklist(["instagram", "facebook"]);

const problem = v.picklist(["token", "permission", "blocked"]);

/** The `:id` of a route: any known account, even one whose id does not look like Meta's. */
export const accountId = v.pipe(
  idText(128),
  v.description("The `entry.id` of the account's webhooks: of an Instagram professional account, or of a Page."),
);

/** An account that is connected through the API. A name or an @handle would never match an event. */
export const connectableAccountId = v.pipe(
  v.string(),
  v.regex(
    /^[1-9][0-9]{0,31}$/,
    "must be the number in entry.id of the account's webhooks (for Instagram, user_id of GET /me?fields=user_id)",
  ),
  v.description("The `entry.id` of the account's webhooks."),
);

export const connection = v.pipe(
  strictObject({
    platform: v.pipe(platform, v.description("The kind of account.")),
    login: v.pipe(login, v.description("The login that issued the token. Pages use Facebook Login only.")),
    accessToken: v.pipe(
      v.string("must be a string"),
      v.regex(/^[\x21-\x7e]{1,4096}$/, "must be only the token, without spaces or line breaks"),
      v.description("Stored encrypted. No response contains it."),
    ),
    sendAs: v.exactOptional(
      v.pipe(
        idText(64),
        v.description(
          "The id in the Graph path: of the linked Page for an Instagram account with Facebook Login; the account's own id with Unified Login.",
        ),
      ),
    ),
    username: v.exactOptional(string({ min: 1, max: 200 })),
    tokenExpiresAt: v.exactOptional(timeMs),
  }),
  v.forward(
    v.check(
      (given) => !(given.platform === "page" && given.login === "instagram"),
      'must be "facebook" for a Page: Instagram Login issues no tokens for Pages',
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
/** How an account is connected. The token is stored encrypted and is never part of this. */
export type Profile = v.InferOutput<typeof profile>;

const itemEntries = {
  id: v.string(),
  connected: v.pipe(
    v.boolean(),
    v.description("Whether the account has a token. Without one, events are recorded and nothing is sent."),
  ),
  platform: v.nullable(platform),
  login: v.nullable(login),
  username: v.nullable(v.string()),
  tokenExpiresAt: v.nullable(v.number()),
  firstSeenAt: v.number(),
  lastEventAt: v.nullable(v.number()),
  lastReplyAt: v.nullable(v.number()),
  openReplies: v.number(),
  hold: v.pipe(v.nullable(v.string()), v.description("Why sending is held: token, permission, blocked.")),
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
      until: v.pipe(v.nullable(v.number()), v.description("Null: until a person acts.")),
    }),
  ),
  stop: v.pipe(v.nullable(stop), v.description("An operator has stopped sending for all accounts: PUT /api/incident.")),
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
  events: v.pipe(v.number(), v.description("Number of stored events.")),
  replies: v.pipe(
    v.object(v.entriesFromList(REPLY_STATES, v.number())),
    v.description("Number of stored replies by state."),
  ),
  lastEventAt: v.nullable(v.number()),
  lastReplyAt: v.nullable(v.number()),
  token: v.nullable(
    v.object({
      savedAt: v.number(),
      expiresAt: v.pipe(v.nullable(v.number()), v.description("Null: never expires, or not known.")),
      dataAccessExpiresAt: v.pipe(
        v.nullable(v.number()),
        v.description("When Meta ends access to the person's data without a new login. Null: never, or not known."),
      ),
      checkedAt: v.pipe(v.nullable(v.number()), v.description("When Meta last accepted the token.")),
      scopes: v.pipe(v.nullable(v.array(v.string())), v.description("Granted permissions; null: not known.")),
      warning: v.pipe(
        v.nullable(v.picklist(["expired", "expires_soon", "refused", "wrong_account", "data_access_ends"])),
        v.description("A problem with the token. To fix it, connect the account again."),
      ),
      belongsTo: v.pipe(
        v.nullable(v.string()),
        v.description("The account that the token belongs to, if it is a different one."),
      ),
      failure: v.nullable(v.string()),
      nextAt: v.pipe(v.number(), v.description("When the token is refreshed or checked next.")),
    }),
  ),
  found: v.pipe(
    v.object({ events: v.number(), total: v.number(), since: v.number() }),
    v.description(
      "How many of the events since `since` (the last seven days) Meta did not deliver; Replyline found them.",
    ),
  ),
  reconcile: v.object({
    callsToday: v.pipe(v.number(), v.description("Its calls of the Graph API since midnight UTC.")),
    readAt: v.pipe(v.nullable(v.number()), v.description("Start of the last complete round.")),
    refused: v.pipe(
      v.object({ comments: v.nullable(v.string()), messages: v.nullable(v.string()) }),
      v.description("Meta's code, if it refused this read. It is left out until the account is connected again."),
    ),
  }),
  subscription: v.nullable(
    v.object({
      wanted: v.array(v.string()),
      missing: v.array(v.string()),
      state: v.picklist(["ok", "repaired", "missing", "refused"]),
      code: v.nullable(v.string()),
      checkedAt: v.nullable(v.number()),
    }),
  ),
  automaticReplies: v.pipe(
    v.nullable(v.object({ at: v.number(), since: v.number(), count: v.number() })),
    v.description("Meta's own automatic replies: when one was last seen, and how many since `since`."),
  ),
  publicReplyLimit: v.pipe(
    v.nullable(v.object({ at: v.number(), count: v.number() })),
    v.description("When public replies last reached their limit in a thread or for a person, and how often that day."),
  ),
});
export type AccountState = v.InferOutput<typeof accountState>;
/** Why nothing is sent now, although sending is on. */
export type Hold = NonNullable<AccountState["hold"]>;
/** Facts about the token, without the token. */
export type TokenState = NonNullable<AccountState["token"]>;
/**
 * `repaired`: fields were missing and were subscribed again. `missing`: fields are missing. `refused`: Meta refused.
 */
export type SubscriptionState = NonNullable<AccountState["subscription"]>;
export type RateLimitItem = AccountState["lanes"][number];

/** The item from lists with the account's current values, and the account's state. */
export const accountDetail = v.object({ ...itemEntries, state: accountState });
export type AccountDetail = v.InferOutput<typeof accountDetail>;
