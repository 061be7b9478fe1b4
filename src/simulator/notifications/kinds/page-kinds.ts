import { instagramObjectId, personId as newPersonId } from "../meta-ids.ts";
import { assetUrl, delivery, midOf } from "../message-notifications.ts";
import { accountLinking, feed, gamePlay, order, pageMention } from "../page-notifications.ts";
import { namedAuthor, OWN_COMMENT_FORMS } from "../own-comment.ts";
import { flag, option, options, present, type Kind } from "./notification-kind.ts";

const ITEMS = ["comment", "reaction", "status", "photo", "post", "share", "like"] as const;
const VERBS = ["add", "edited", "remove", "hide"] as const;

const feedKind: Kind = {
  name: "feed",
  summary: "the Page's feed: a comment, reaction, status or photo",
  example: 'feed --item comment --text "Do you deliver?"',
  platform: "page",
  options: {
    item: option(ITEMS.join(", ")),
    verb: option(VERBS.join(", ")),
    text: option("the text"),
    id: option("the comment's id"),
    post: option("the post's id, <page>_<post>"),
    parent: option("the id of the comment that it replies to"),
    reaction: option("like, love, wow …"),
    own: flag("written by the Page itself"),
    author: option(`with --own, how Meta names the author: ${OWN_COMMENT_FORMS.join(", ")}`),
    bare: flag("without the details that Meta adds about the post"),
  },
  make(context, values) {
    const item = values.oneOf("item", ITEMS) ?? "comment";
    const verb = values.oneOf("verb", VERBS) ?? "add";
    const own = values.flag("own") || item === "status" || item === "photo";
    const isComment = item === "comment";
    const postId = values.text("post") ?? `${context.accountId}_${instagramObjectId(context.random)}`;
    const bare = postId.split("_")[1] ?? postId;
    const parentId = values.text("parent");
    const withPost = isComment && verb === "add" && parentId === undefined && !values.flag("bare");
    const text =
      values.text("text") ?? ((isComment && verb !== "remove") || item === "status" ? "Do you deliver?" : undefined);
    return feed(
      {
        accountId: context.accountId,
        ...(own
          ? namedAuthor(
              values.oneOf("author", OWN_COMMENT_FORMS) ?? "usual",
              { id: context.accountId, name: context.username },
              "page",
              context.random,
            )
          : { from: { id: context.personId, name: context.username } }),
        item,
        verb,
        postId,
        ...present({
          commentId: isComment ? (values.text("id") ?? `${bare}_${instagramObjectId(context.random)}`) : undefined,
          parentId: isComment || item === "reaction" ? (parentId ?? postId) : undefined,
          message: text,
          reactionType: item === "reaction" ? (values.text("reaction") ?? "love") : undefined,
          photo:
            item === "photo"
              ? { id: instagramObjectId(context.random), link: assetUrl("page", context.random) }
              : undefined,
          post: withPost
            ? {
                permalinkUrl: `https://www.facebook.com/${context.accountId}/posts/${bare}`,
                statusType: "added_photos",
              }
            : undefined,
        }),
      },
      context,
    );
  },
};

export const PAGE_KINDS: readonly Kind[] = [
  feedKind,
  {
    name: "page-mention",
    summary: "a person mentions the Page in a post",
    example: "page-mention",
    platform: "page",
    options: { text: option("the post's text"), post: option("the post's id") },
    make: (context, values) =>
      pageMention(
        {
          accountId: context.accountId,
          postId: values.text("post") ?? `${context.personId}_${instagramObjectId(context.random)}`,
          message: values.text("text") ?? "Great day at @the Page",
        },
        context,
      ),
  },
  {
    name: "delivery",
    summary: "messages were delivered to the person",
    example: "delivery --mid <mid>",
    platform: "page",
    options: { mid: options("a message's id; may be given several times") },
    make(context, values) {
      const mids = values.list("mid");
      return delivery({ ...context, mids: mids.length === 0 ? [midOf("page", context.random)] : mids }, context);
    },
  },
  {
    name: "account-linking",
    summary: "a person links an account of your app, or unlinks it (--unlinked)",
    example: "account-linking --unlinked",
    platform: "page",
    options: { unlinked: flag("the person unlinks the account"), code: option("the authorization code") },
    make: (context, values) =>
      accountLinking(
        {
          ...context,
          ...present({
            authorizationCode: values.flag("unlinked") ? undefined : (values.text("code") ?? "code-77ac"),
          }),
        },
        context,
      ),
  },
  {
    name: "game-play",
    summary: "a person finished a round of a game",
    example: "game-play --score 4210",
    platform: "page",
    options: { score: option("the score"), game: option("the game's id") },
    make: (context, values) =>
      gamePlay(
        {
          ...context,
          gameId: values.text("game") ?? newPersonId(context.random),
          playerId: newPersonId(context.random),
          locale: "nb_NO",
          score: values.whole("score") ?? 4210,
        },
        context,
      ),
  },
  {
    name: "order",
    summary: "a person sends a cart",
    example: 'order --note "gift wrap"',
    platform: "page",
    options: { note: option("the person's note") },
    make: (context, values) =>
      order(
        {
          ...context,
          note: values.text("note") ?? "gift wrap",
          products: [
            { id: 771, retailerId: "SKU-88-M", name: "Linen shirt", unitPrice: 58.5, currency: "NOK", quantity: 2 },
          ],
        },
        context,
      ),
  },
];
