/** Links and ads that bring people, as `--ref` and `--ad` ask for them. */
import { instagramObjectId } from "../meta-ids.ts";
import { assetUrl } from "../message-notifications.ts";
import type { Referral } from "../message-notifications.ts";
import { flag, option, present } from "./notification-kind.ts";
import type { Given, Scene } from "./notification-kind.ts";

/** Where a link or an ad brought the person from. */
export function referralFrom(scene: Scene, given: Given): Referral | undefined {
  const ref = given.text("ref");
  const adId = given.text("ad");
  if (ref === undefined && adId === undefined) return undefined;
  if (adId === undefined) {
    const source = scene.platform === "instagram" ? "IGME-SOURCE-LINK" : "SHORTLINK";
    return { ref: ref ?? "", source, type: "OPEN_THREAD" };
  }
  const page = scene.platform === "page";
  const ad = {
    id: adId,
    title: "Autumn launch",
    photoUrl: assetUrl("page", scene.random),
    ...(given.flag("no-video") ? {} : { videoUrl: assetUrl("page", scene.random) }),
    ...(page ? { postId: `${scene.accountId}_${instagramObjectId(scene.random)}` } : {}),
    ...(given.flag("shop")
      ? { productId: instagramObjectId(scene.random), flowId: instagramObjectId(scene.random) }
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
