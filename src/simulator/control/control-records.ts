/** Control routes for records: accounts, tokens, media, comments and conversations. */
import type { Account, Media } from "../graph/graph-state.ts";
import { fieldNames } from "../../meta/fields.ts";
import { issueToken, LONG_LIVED_MS } from "../graph/access-token.ts";
import { instagramObjectId, personId as newPersonId } from "../notifications/meta-ids.ts";
import { OWN_COMMENT_FORMS } from "../notifications/own-comment.ts";
import type { Simulator } from "../simulator.ts";
import { oneOf, optionalNumber, optionalText, text, type Json } from "./control-json.ts";

export function putAccount(simulator: Simulator, id: string, body: Json): object {
  const { graph, host } = simulator;
  const known = graph.accounts.get(id);
  const platform = oneOf(
    body["platform"] ?? known?.platform ?? "instagram",
    ["instagram", "page"] as const,
    "platform",
  );
  const login = oneOf(
    body["login"] ?? known?.login ?? (platform === "page" ? "facebook" : "instagram"),
    ["instagram", "facebook"] as const,
    "login",
  );
  const ownComments = body["ownComments"] ?? known?.ownComments;
  const account: Account = {
    id,
    platform,
    login,
    username: optionalText(body, "username") ?? known?.username ?? `account.${id.slice(-4)}`,
    name: optionalText(body, "name") ?? known?.name ?? "A simulated account",
    pageId: optionalText(body, "pageId") ?? known?.pageId ?? null,
    appScopedId: known?.appScopedId ?? newPersonId(host.random),
    selfScopedId: known?.selfScopedId ?? newPersonId(host.random),
    subscribedFields: known?.subscribedFields ?? [],
    webhooks: known?.webhooks ?? "never",
    messageAccess: body["messageAccess"] !== false,
    impressions: optionalNumber(body, "impressions") ?? known?.impressions ?? 1000,
    ...(ownComments === undefined ? {} : { ownComments: oneOf(ownComments, OWN_COMMENT_FORMS, "ownComments") }),
  };
  graph.accounts.put(id, account);
  return { ...account, accessToken: newToken(simulator, id, null) };
}

export function newToken(simulator: Simulator, accountId: string, expiresInSeconds: number | null): string {
  const { graph, host } = simulator;
  const account = knownAccount(simulator, accountId);
  const instagram = account.login === "instagram" && account.platform === "instagram";
  const livesMs = expiresInSeconds === null ? (instagram ? LONG_LIVED_MS : null) : expiresInSeconds * 1000;
  const kind = instagram ? "instagram" : "page";
  const ownerId = instagram ? account.id : (account.pageId ?? account.id);
  return issueToken(graph, { kind, ownerId, livesMs }, simulator.graphNow(), host.random).value;
}

/** Turns an account's webhooks on again, as in the App Dashboard: with the fields it had, or with all fields. */
export function subscribe(simulator: Simulator, id: string): object {
  const { graph } = simulator;
  const account = knownAccount(simulator, id);
  const all = fieldNames(account.platform);
  const subscribedFields = account.subscribedFields.length > 0 ? account.subscribedFields : [...all];
  graph.accounts.put(id, { ...account, subscribedFields, webhooks: "active" });
  return { subscribedFields };
}

function knownAccount({ graph }: Simulator, id: string): Account {
  const account = graph.accounts.get(id);
  if (account === undefined)
    throw new TypeError(
      `unknown account ${id}; create it with \`npm run meta -- account ${id}\` (PUT /__meta/accounts/${id})`,
    );
  return account;
}

/** Invalidates all tokens of an account. Subcodes: 463 expired, 460 password changed, 458 app removed. */
export function killTokens(simulator: Simulator, accountId: string, subcode: number): number {
  const { graph } = simulator;
  const account = knownAccount(simulator, accountId);
  let killed = 0;
  for (const token of graph.tokens.values()) {
    if (token.ownerId !== accountId && token.ownerId !== account.pageId) continue;
    if (token.deadSubcode !== null) continue;
    graph.tokens.put(token.value, { ...token, deadSubcode: subcode });
    killed += 1;
  }
  return killed;
}

const PRODUCT_TYPES = ["FEED", "REELS", "LIVE", "AD", "STORY"] as const;

export function putMedia(simulator: Simulator, id: string, body: Json): Media {
  const { graph } = simulator;
  const known = graph.media.get(id);
  const productType = oneOf(body["productType"] ?? known?.productType ?? "REELS", PRODUCT_TYPES, "productType");
  return graph.media.put(id, {
    id,
    accountId: optionalText(body, "accountId") ?? known?.accountId ?? "",
    productType,
    caption: optionalText(body, "caption") ?? known?.caption ?? "A simulated post",
    permalink: known?.permalink ?? `https://www.instagram.com/p/${id}/`,
    createdAt: known?.createdAt ?? simulator.graphNow(),
    live: typeof body["live"] === "boolean" ? body["live"] : (known?.live ?? productType === "LIVE"),
  });
}

/** Creates a comment without a notification, for reconciliation, or one that already has a reply from another app. */
export function putComment(simulator: Simulator, id: string, body: Json): object {
  const { graph, host } = simulator;
  const known = graph.comments.get(id);
  return graph.comments.put(id, {
    id,
    accountId: optionalText(body, "accountId") ?? known?.accountId ?? "",
    mediaId: optionalText(body, "mediaId") ?? known?.mediaId ?? instagramObjectId(host.random),
    parentId: optionalText(body, "parentId") ?? known?.parentId ?? null,
    from: known?.from ?? { id: newPersonId(host.random), username: optionalText(body, "username") ?? "somebody" },
    text: optionalText(body, "text") ?? known?.text ?? "",
    createdAt: optionalNumber(body, "createdAt") ?? known?.createdAt ?? simulator.graphNow(),
    hidden: body["hidden"] === true,
    privateReplyMid: body["answered"] === true ? "another app" : (known?.privateReplyMid ?? null),
  });
}

export function putConversation(simulator: Simulator, body: Json): object {
  const accountId = text(body["accountId"], "accountId");
  const personId = text(body["personId"], "personId");
  const ownerAppId = body["ownerAppId"];
  return simulator.graph.touchConversation(accountId, personId, {
    ...(typeof ownerAppId === "string" || ownerAppId === null ? { ownerAppId } : {}),
    ...(typeof body["unavailable"] === "boolean" ? { unavailable: body["unavailable"] } : {}),
    ...(typeof body["lastInboundAt"] === "number" ? { lastInboundAt: body["lastInboundAt"] } : {}),
  });
}

/** Creates a person's message without a notification: Meta shows it in the conversation and never delivers it. */
export function putMessage(simulator: Simulator, mid: string, body: Json): object {
  const { graph } = simulator;
  const { id: accountId } = knownAccount(simulator, text(body["accountId"], "accountId"));
  const personId = text(body["personId"], "personId");
  const at = optionalNumber(body, "at") ?? simulator.graphNow();
  graph.touchConversation(accountId, personId, { lastInboundAt: at });
  return graph.received.put(mid, { mid, accountId, personId, text: optionalText(body, "text") ?? null, at });
}
