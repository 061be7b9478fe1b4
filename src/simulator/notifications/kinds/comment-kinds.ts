import { comment, commentAuthor, mention, storyInsights } from "../comment-notifications.ts";
import { instagramObjectId } from "../meta-ids.ts";
import { namedAuthor, OWN_COMMENT_FORMS } from "../own-comment.ts";
import { flag, option, present, type Kind, type NotificationContext, type OptionValues } from "./notification-kind.ts";

const PRODUCT_TYPES = ["FEED", "REELS", "LIVE", "AD", "STORY"] as const;

const AD_TITLE = "Autumn launch";
const AD_ID = "120214567890123457";

function ownAuthor(context: NotificationContext, values: OptionValues): ReturnType<typeof commentAuthor> {
  const author = { id: context.accountId, name: context.username };
  const form = values.oneOf("author", OWN_COMMENT_FORMS) ?? "usual";
  return commentAuthor(namedAuthor(form, author, "instagram", context.random));
}

const commentKind: Kind = {
  name: "comment",
  summary: "a comment under a post, reel, ad or live video",
  example: 'comment --text "guide please" --media 18054321970886143',
  platform: "instagram",
  options: {
    text: option("the comment's text"),
    id: option("the comment's id"),
    media: option("the media's id"),
    "product-type": option("FEED, REELS, LIVE, AD or STORY"),
    parent: option("the id of the comment that it replies to"),
    live: flag("a comment on a live video"),
    own: flag("written by the account itself"),
    author: option(`with --own, how Meta names the author: ${OWN_COMMENT_FORMS.join(", ")}`),
    "self-id": flag("self_ig_scoped_id of a commenter who is not the account, as in Meta's sample", ["own"]),
    ad: option("the comment is under an ad made from this media"),
    "comment-id-key": flag("name the id comment_id, as one page of Meta's documentation shows it"),
    flat: flag("put it directly on the entry, as one page of Meta's documentation shows it"),
  },
  make(context, values) {
    const own = values.flag("own");
    const adOf = values.text("ad");
    return comment(
      {
        accountId: context.accountId,
        text: values.text("text") ?? "guide please",
        from: { id: context.personId, username: context.username },
        ...(own ? ownAuthor(context, values) : {}),
        mediaId: values.text("media") ?? context.mediaId,
        live: values.flag("live"),
        flat: values.flag("flat"),
        idKey: values.flag("comment-id-key") ? "comment_id" : "id",
        ...present({
          id: values.text("id"),
          parentId: values.text("parent"),
          mediaProductType: values.oneOf("product-type", PRODUCT_TYPES),
          ad: adOf === undefined ? undefined : { id: AD_ID, title: AD_TITLE, originalMediaId: adOf },
          selfScopedId: values.flag("self-id") ? context.personId : undefined,
        }),
      },
      context,
    );
  },
};

export const COMMENT_KINDS: readonly Kind[] = [
  commentKind,
  {
    name: "mention",
    summary: "the account is mentioned in a caption, or in a comment (--comment)",
    example: "mention --comment 17913350248867741",
    platform: "instagram",
    options: { media: option("the media's id"), comment: option("the comment's id") },
    make: (context, values) =>
      mention(
        {
          accountId: context.accountId,
          mediaId: values.text("media") ?? instagramObjectId(context.random),
          ...present({ commentId: values.text("comment") }),
        },
        context,
      ),
  },
  {
    name: "story-insights",
    summary: "a story expired, with its statistics",
    example: "story-insights --impressions 612",
    platform: "instagram",
    options: {
      media: option("the story's id"),
      impressions: option("how many times it was seen"),
      reach: option("how many people saw it"),
      replies: option("how many people replied"),
    },
    make: (context, values) =>
      storyInsights(
        {
          accountId: context.accountId,
          mediaId: values.text("media") ?? instagramObjectId(context.random),
          impressions: values.whole("impressions") ?? 612,
          reach: values.whole("reach") ?? 540,
          replies: values.whole("replies") ?? 7,
        },
        context,
      ),
  },
];
