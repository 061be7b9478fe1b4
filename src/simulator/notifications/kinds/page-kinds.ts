import { instagramObjectId, personId as newPersonId } from "../meta-ids.ts";
import { assetUrl, delivery, midOf } from "../message-notifications.ts";
import { accountLinking, feed, gamePlay, order, pageMention } from "../page-notifications.ts";
import { flag, option, options, present } from "./notification-kind.ts";
import type { Kind } from "./notification-kind.ts";

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
    text: option("what it says"),
    id: option("the comment's id"),
    post: option("the post's id, <page>_<post>"),
    parent: option("the comment that it answers"),
    reaction: option("like, love, wow …"),
    own: flag("by the Page itself"),
    bare: flag("without what Meta adds about the post"),
  },
  make(scene, given) {
    const item = given.oneOf("item", ITEMS) ?? "comment";
    const verb = given.oneOf("verb", VERBS) ?? "add";
    const own = given.flag("own") || item === "status" || item === "photo";
    const isComment = item === "comment";
    const postId = given.text("post") ?? `${scene.accountId}_${instagramObjectId(scene.random)}`;
    const bare = postId.split("_")[1] ?? postId;
    const parentId = given.text("parent");
    const withPost = isComment && verb === "add" && parentId === undefined && !given.flag("bare");
    const text =
      given.text("text") ?? ((isComment && verb !== "remove") || item === "status" ? "Do you deliver?" : undefined);
    return feed(
      {
        accountId: scene.accountId,
        from: own ? { id: scene.accountId, name: scene.username } : { id: scene.personId, name: scene.username },
        item,
        verb,
        postId,
        ...present({
          commentId: isComment ? (given.text("id") ?? `${bare}_${instagramObjectId(scene.random)}`) : undefined,
          parentId: isComment || item === "reaction" ? (parentId ?? postId) : undefined,
          message: text,
          reactionType: item === "reaction" ? (given.text("reaction") ?? "love") : undefined,
          photo:
            item === "photo"
              ? { id: instagramObjectId(scene.random), link: assetUrl("page", scene.random) }
              : undefined,
          post: withPost
            ? {
                permalinkUrl: `https://www.facebook.com/${scene.accountId}/posts/${bare}`,
                statusType: "added_photos",
              }
            : undefined,
        }),
      },
      scene,
    );
  },
};

export const PAGE_KINDS: readonly Kind[] = [
  feedKind,
  {
    name: "page-mention",
    summary: "somebody names the Page in a post",
    example: "page-mention",
    platform: "page",
    options: { text: option("what the post says"), post: option("the post's id") },
    make: (scene, given) =>
      pageMention(
        {
          accountId: scene.accountId,
          postId: given.text("post") ?? `${scene.personId}_${instagramObjectId(scene.random)}`,
          message: given.text("text") ?? "Great day at @the Page",
        },
        scene,
      ),
  },
  {
    name: "delivery",
    summary: "messages reached the person",
    example: "delivery --mid <mid>",
    platform: "page",
    options: { mid: options("a message's id; may be given several times") },
    make(scene, given) {
      const mids = given.list("mid");
      return delivery({ ...scene, mids: mids.length === 0 ? [midOf("page", scene.random)] : mids }, scene);
    },
  },
  {
    name: "account-linking",
    summary: "a person links an account of yours, or unlinks it (--unlinked)",
    example: "account-linking --unlinked",
    platform: "page",
    options: { unlinked: flag("unlinked"), code: option("the authorization code") },
    make: (scene, given) =>
      accountLinking(
        {
          ...scene,
          ...present({ authorizationCode: given.flag("unlinked") ? undefined : (given.text("code") ?? "code-77ac") }),
        },
        scene,
      ),
  },
  {
    name: "game-play",
    summary: "a round of a game is over",
    example: "game-play --score 4210",
    platform: "page",
    options: { score: option("the score"), game: option("the game's id") },
    make: (scene, given) =>
      gamePlay(
        {
          ...scene,
          gameId: given.text("game") ?? newPersonId(scene.random),
          playerId: newPersonId(scene.random),
          locale: "nb_NO",
          score: given.whole("score") ?? 4210,
        },
        scene,
      ),
  },
  {
    name: "order",
    summary: "a person sends a cart",
    example: 'order --note "gift wrap"',
    platform: "page",
    options: { note: option("the person's note") },
    make: (scene, given) =>
      order(
        {
          ...scene,
          note: given.text("note") ?? "gift wrap",
          products: [
            { id: 771, retailerId: "SKU-88-M", name: "Linen shirt", unitPrice: 58.5, currency: "NOK", quantity: 2 },
          ],
        },
        scene,
      ),
  },
];
