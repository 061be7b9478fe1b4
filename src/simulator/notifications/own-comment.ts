/**
 * How Meta names the author of an account's own comment. The forms come from public reports: a receiver that expects only
 * the first one replies to its own public replies without end.
 */
import { personId, type Random } from "./meta-ids.ts";

export const OWN_COMMENT_FORMS = [
  /** The account's id and name; on Instagram also `self_ig_scoped_id`. */
  "usual",
  /** The name without an id. */
  "username-only",
  /** An id that the receiver has never seen, with the account's name. */
  "other-id",
  /** Instagram: the id that `GET /me` returns as `id`. */
  "app-scoped-id",
  /** No author at all. */
  "without-from",
  /** Page: `sender_id` and `sender_name` in place of `from`, as the feed had them years ago. */
  "sender-id",
] as const;

export type OwnCommentForm = (typeof OWN_COMMENT_FORMS)[number];

/** The account that wrote the comment. Ids that a caller does not know are invented. */
export interface OwnAuthor {
  id: string;
  name: string;
  appScopedId?: string;
  selfScopedId?: string;
}

/** The author as a notification has it. null: there is none. */
export interface NamedAuthor {
  from: { id?: string; name: string } | null;
  selfScopedId?: string;
  sender?: { id: string; name: string };
}

/** @param form one that the platform does not have is the usual one */
export function namedAuthor(
  form: OwnCommentForm,
  author: OwnAuthor,
  platform: "instagram" | "page",
  random: Random,
): NamedAuthor {
  const { id, name } = author;
  const usual: NamedAuthor = {
    from: { id, name },
    ...(platform === "page" ? {} : { selfScopedId: author.selfScopedId ?? personId(random) }),
  };
  switch (form) {
    case "usual":
      return usual;
    case "username-only":
      return { from: { name } };
    case "other-id":
      return { from: { id: personId(random), name } };
    case "app-scoped-id":
      return platform === "page" ? usual : { from: { id: author.appScopedId ?? personId(random), name } };
    case "without-from":
      return { from: null };
    case "sender-id":
      return platform === "page" ? { from: null, sender: { id, name } } : usual;
  }
}
