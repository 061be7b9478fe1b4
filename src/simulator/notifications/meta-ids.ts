/** Ids in Meta's formats. All randomness comes from the argument, so the same seed gives the same ids. */

export type Random = () => number;

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

const digits = (random: Random, count: number): string =>
  Array.from({ length: count }, () => Math.floor(random() * 10)).join("");

const letters = (random: Random, count: number): string =>
  Array.from({ length: count }, () => BASE64URL.charAt(Math.floor(random() * BASE64URL.length))).join("");

/** An Instagram comment or media id: 17 digits, more than a JavaScript number holds. */
export const instagramObjectId = (random: Random): string => `1${random() < 0.5 ? "7" : "8"}${digits(random, 15)}`;

/** An Instagram professional account id, the `entry.id` of its webhooks. */
export const instagramAccountId = (random: Random): string => `1784146${digits(random, 10)}`;

/** An Instagram- or Page-scoped id of a person. */
export const personId = (random: Random): string => `${1 + Math.floor(random() * 9)}${digits(random, 15)}`;

/** A message id as Instagram writes it: base64 of `ig_e:item:1:IGMessage…`, so all start the same. */
export const instagramMid = (random: Random): string => `aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOj${letters(random, 90)}ZD`;

/** A message id as Messenger writes it. */
export const messengerMid = (random: Random): string => `m_${letters(random, 86)}`;

/** A signed, expiring address of an attachment on Instagram's content network. */
export const instagramAssetUrl = (random: Random): string =>
  `https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id=1805${digits(random, 13)}&signature=AY${letters(random, 60)}`;

/** A signed, expiring address of an attachment on Facebook's content network. */
export const facebookAssetUrl = (random: Random): string =>
  `https://scontent.xx.fbcdn.net/v/t1.15752-9/${digits(random, 24)}_n.jpg?oh=${letters(random, 24)}`;

/** A small seeded generator (mulberry32), for ids and shuffles that can be repeated. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
