/** Referrals from links and ads: the options `--ref` and `--ad`. */
import { instagramObjectId } from "../meta-ids.ts";
import { assetUrl, type Referral } from "../message-notifications.ts";
import { flag, option, present, type OptionValues, type NotificationContext } from "./notification-kind.ts";

/** The referral that the options describe. */
export function referralFrom(context: NotificationContext, values: OptionValues): Referral | undefined {
  const ref = values.text("ref");
  const adId = values.text("ad");
  if (ref === undefined && adId === undefined) return undefined;
  if (adId === undefined) {
    const source = context.platform === "instagram" ? "IGME-SOURCE-LINK" : "SHORTLINK";
    return { ref: ref ?? "", source, type: "OPEN_THREAD" };
  }
  const page = context.platform === "page";
  const ad = {
    id: adId,
    title: "Autumn launch",
    photoUrl: assetUrl("page", context.random),
    ...(values.flag("no-video") ? {} : { videoUrl: assetUrl("page", context.random) }),
    ...(page ? { postId: `${context.accountId}_${instagramObjectId(context.random)}` } : {}),
    ...(values.flag("shop")
      ? { productId: instagramObjectId(context.random), flowId: instagramObjectId(context.random) }
      : {}),
  };
  return { ...present({ ref }), source: "ADS", type: "OPEN_THREAD", ad };
}

export const REFERRAL_OPTIONS = {
  ref: option("the ref of the link or ad"),
  ad: option("the ad's id, for an ad that opens a conversation"),
  "no-video": flag("an ad without a video"),
  shop: flag("an ad of a product, with a flow"),
};
