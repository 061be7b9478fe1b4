/**
 * Whether a comment is the account's own. Meta does not always name the account by the id of its webhooks: the author may
 * be missing, be given by name only, or by an app-scoped id. So the account's own records decide first; a public reply
 * that was taken for a stranger's comment would be answered, and the answer answered again.
 */
import type { Profile } from "../../../api/account.ts";
import { foldEchoText } from "../../../core/reply/fingerprint.ts";
import type { Subject } from "../../../core/automation/subject.ts";
import type { MetaEvent } from "../../../core/event.ts";
import { MINUTE_MS } from "../../../core/time.ts";
import { subjectOfView } from "../../../meta/subject.ts";
import type { Author } from "../../../meta/views/parts.ts";
import { readView, type View } from "../../../meta/views/view.ts";
import type { AccountPorts } from "../ports.ts";
import { publicRepliesIn } from "../tables/related-replies.ts";
import { replyByMessageId } from "../tables/replies.ts";
import { getValue, setValue } from "../tables/settings.ts";

/** How long after an attempt a comment with its text, in its thread, is taken for it. Afterward Meta's id is known. */
const IN_FLIGHT_MS = 10 * MINUTE_MS;

/** Ids kept per account. An account has a handful: professional, app-scoped, the Page behind it. */
const MAX_OWN_IDS = 20;

interface Comment {
  commentId: string | null;
  parentId: string | null;
  text: string | null;
  from: Author | null;
  /** Meta names the account by the id of its webhooks. */
  own: boolean;
}

/** An event as the account understands it. Called inside a transaction: it remembers ids that it learns. */
export function understand(ports: AccountPorts, event: MetaEvent): { view: View; subject: Subject; own: boolean } {
  const view = readView(event);
  const subject = subjectOfView(view, event.test);
  const comment = commentOf(view);
  const own = comment !== null && !event.test && isOwnComment(ports, event.accountId, comment);
  // A change of a comment (an edit, a removal) is blocked by its kind already.
  const blocked = own && subject.blocked === null && subject.on.length > 0 ? "own_comment" : subject.blocked;
  return { view, own, subject: { ...subject, blocked } };
}

/** The comment that a view is about; null where it is about none. */
function commentOf(view: View): Comment | null {
  switch (view.kind) {
    case "comment":
    case "live_comment":
      return view;
    case "feed":
      return view.item === "comment" ? { ...view, text: view.message } : null;
    case "mention":
      return { ...view, parentId: null };
    default:
      return null;
  }
}

function isOwnComment(ports: AccountPorts, accountId: string, comment: Comment): boolean {
  const { commentId, from } = comment;
  const sent = commentId === null ? null : replyByMessageId(ports.sql, commentId);
  if (comment.own || sent?.kind === "public_reply") {
    learnOwnIds(ports, accountId, [from?.id ?? null, from?.selfScopedId ?? null]);
    return true;
  }
  const known = ownIds(ports, accountId);
  if (from !== null && [from.id, from.selfScopedId].some((id) => id !== null && known.includes(id))) return true;
  return hasOwnName(getValue(ports.sql, "profile"), from) ?? repeatsReplyInFlight(ports, comment);
}

/** Null: the name says nothing. A Page's name is not unique, so it counts only where Meta gives no id. */
export function hasOwnName(profile: Profile | null, from: Pick<Author, "id" | "username"> | null): boolean | null {
  if (from?.username == null || profile?.username == null) return null;
  if (profile.platform === "page" && from.id !== null) return null;
  const same = from.username.toLowerCase() === profile.username.toLowerCase();
  // On Instagram a name belongs to one account: another name is a stranger's.
  return same || profile.platform === "instagram" ? same : null;
}

/** A public reply with this text is on its way in this thread: the event may come before Meta's answer to the call. */
function repeatsReplyInFlight(ports: AccountPorts, { parentId, text }: Comment): boolean {
  if (parentId === null || text === null) return false;
  const folded = foldEchoText(text);
  const since = ports.now() - IN_FLIGHT_MS;
  return publicRepliesIn(ports.sql, parentId).some(
    ({ attempts, attemptAt, message }) =>
      attempts > 0 && (attemptAt ?? 0) >= since && foldEchoText(message.text ?? "") === folded,
  );
}

/** The account's ids, as far as they are known. */
export function ownIds(ports: AccountPorts, accountId: string): string[] {
  const profile = getValue(ports.sql, "profile");
  return [accountId, profile?.id ?? null, profile?.sendAs ?? null, ...(getValue(ports.sql, "ownIds") ?? [])].filter(
    (id) => id !== null,
  );
}

/** Remembers other ids of the account: from its own comments, and from Meta's answer about its token. */
export function learnOwnIds(ports: AccountPorts, accountId: string, ids: readonly (string | null)[]): void {
  const known = ownIds(ports, accountId);
  const learned = ids.filter((id) => id !== null && id !== "" && !known.includes(id));
  if (learned.length === 0) return;
  const before = getValue(ports.sql, "ownIds") ?? [];
  setValue(ports.sql, "ownIds", [...new Set([...before, ...learned.filter((id) => id !== null)])].slice(-MAX_OWN_IDS));
}
