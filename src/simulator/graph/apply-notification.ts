/**
 * Applies a notification to the Graph API's state, so that the comment or conversation that it announces exists there.
 * Unknown content changes nothing.
 */
import { conversationWindowMs } from "../../meta/limits.ts";
import type { GraphState, Media } from "./graph-state.ts";

type Json = Record<string, unknown>;

const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const id = (value: unknown): string | null =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : null;

/** `JSON.parse` that returns long integers as text, with all digits. */
export function parseKeepingDigits(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { source: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && Number.isInteger(value) && context !== undefined
      ? context.source
      : value,
  ) as unknown;
}

export interface Observed {
  object: string;
  accountIds: string[];
  updates: number;
  /** Who wrote a message to which account. Messages in `standby` are left out. */
  writers: { accountId: string; personId: string }[];
}

/** @returns a summary of the delivery's body; null if it is not JSON */
export function observe(state: GraphState, text: string, now: number): Observed | null {
  let parsed: unknown;
  try {
    parsed = parseKeepingDigits(text);
  } catch {
    return null;
  }
  const seen: Observed = { object: "", accountIds: [], updates: 0, writers: [] };
  for (const body of Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]) {
    const object = id(record(body)["object"]) ?? "";
    if (seen.object === "") seen.object = object;
    for (const item of list(record(body)["entry"])) observeEntry(state, object, record(item), seen, now);
  }
  return seen;
}

function observeEntry(state: GraphState, object: string, entry: Json, seen: Observed, now: number): void {
  const accountId = id(entry["id"]) ?? "";
  if (!seen.accountIds.includes(accountId)) seen.accountIds.push(accountId);
  const changes = [...list(entry["changes"]), ...("field" in entry ? [entry] : [])];
  for (const change of changes) {
    seen.updates += 1;
    const field = id(record(change)["field"]);
    const value = record(record(change)["value"]);
    if (field === "comments" || field === "live_comments") observeComment(state, accountId, field, value, now);
    if (field === "feed") observeFeed(state, accountId, value, now);
  }
  seen.updates += list(entry["changed_fields"]).length > 0 ? 1 : 0;
  const known = object === "instagram" || object === "page";
  for (const item of list(entry["messaging"])) {
    seen.updates += 1;
    const personId = known ? observeMessaging(state, accountId, record(item), now) : null;
    if (personId !== null) seen.writers.push({ accountId, personId });
  }
  for (const item of list(entry["standby"])) {
    seen.updates += 1;
    if (known) observeMessaging(state, accountId, record(item), now);
  }
}

function observeComment(state: GraphState, accountId: string, field: string, value: Json, now: number): void {
  const commentId = id(value["id"]) ?? id(value["comment_id"]);
  if (commentId === null || accountId === "0") return;
  const media = record(value["media"]);
  const mediaId = id(media["original_media_id"]) ?? id(media["id"]) ?? "";
  const live = field === "live_comments";
  const permalink = `https://www.instagram.com/p/${mediaId}/`;
  observeMedia(state, { id: mediaId, accountId, productType: live ? "LIVE" : "REELS", permalink, live }, now);
  if (state.comments.get(commentId) !== undefined) return;
  const from = record(value["from"]);
  state.comments.put(commentId, {
    id: commentId,
    accountId,
    mediaId,
    parentId: id(value["parent_id"]),
    from: { id: id(from["id"]) ?? "", username: id(from["username"]) ?? "" },
    text: typeof value["text"] === "string" ? value["text"] : "",
    createdAt: now,
    hidden: false,
    privateReplyMid: null,
  });
}

/** Creates unknown media as the notification describes them. */
function observeMedia(state: GraphState, media: Omit<Media, "caption" | "createdAt">, now: number): void {
  if (media.id === "" || state.media.get(media.id) !== undefined) return;
  state.media.put(media.id, { ...media, caption: "A simulated post", createdAt: now });
}

function observeFeed(state: GraphState, accountId: string, value: Json, now: number): void {
  const commentId = id(value["comment_id"]);
  if (commentId === null || value["item"] !== "comment") return;
  if (value["verb"] === "remove") {
    state.comments.delete(commentId);
    return;
  }
  const text = typeof value["message"] === "string" ? value["message"] : "";
  const known = state.comments.get(commentId);
  if (known !== undefined) {
    state.comments.put(commentId, { ...known, text });
    return;
  }
  const postId = id(value["post_id"]) ?? "";
  const permalink = `https://www.facebook.com/${postId.replace("_", "/posts/")}`;
  observeMedia(state, { id: postId, accountId, productType: "FEED", permalink, live: false }, now);
  const parentId = id(value["parent_id"]);
  const from = record(value["from"]);
  state.comments.put(commentId, {
    id: commentId,
    accountId,
    mediaId: postId,
    parentId: parentId === postId ? null : parentId,
    from: { id: id(from["id"]) ?? "", username: id(from["name"]) ?? "" },
    text,
    createdAt: now,
    hidden: false,
    privateReplyMid: null,
  });
}

/** Keys of items that open the 24-hour window. Reading and reacting do not open it. */
const OPENS_WINDOW = ["message", "postback", "optin", "referral"];

/** @returns the person, if the item is a message that a person wrote */
function observeMessaging(state: GraphState, accountId: string, item: Json, now: number): string | null {
  const senderId = id(record(item["sender"])["id"]);
  const message = record(item["message"]);
  const mid = id(message["mid"]);
  if (mid !== null && message["is_deleted"] === true) state.received.delete(mid);
  // An echo's sender is the account.
  if (senderId === null || senderId === accountId || message["is_deleted"] === true) return null;
  if (!OPENS_WINDOW.some((key) => key in item)) return null;
  const tapped = "postback" in item || "quick_reply" in message;
  const referral = record(item["referral"] ?? message["referral"] ?? record(item["postback"])["referral"]);
  const fromAd = id(referral["ad_id"]) !== null || referral["source"] === "ADS" || referral["source"] === "AD";
  const wrote = "message" in item || "postback" in item;
  const clickedAd = fromAd || state.conversation(accountId, senderId)?.clickedAd === true;
  state.touchConversation(accountId, senderId, {
    lastInboundAt: now,
    ...(tapped ? { lastTapAt: now } : {}),
    ...(clickedAd ? { clickedAd: !wrote } : {}),
    ...(clickedAd && wrote ? { adWindowUntil: now + conversationWindowMs(true) } : {}),
  });
  if (mid !== null) {
    const text = typeof message["text"] === "string" ? message["text"] : null;
    state.received.put(mid, { mid, accountId, personId: senderId, text, at: now });
  }
  return "message" in item ? senderId : null;
}
