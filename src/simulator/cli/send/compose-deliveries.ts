/** From options to bodies in wire form: how many, in which deliveries, in which order. */
import { withNumericIds } from "../../notifications/irregular-notifications.ts";
import { deliveriesOf, MAX_UPDATES_PER_DELIVERY } from "../../notifications/delivery-body.ts";
import type { Item } from "../../notifications/delivery-body.ts";
import type { Random } from "../../notifications/meta-ids.ts";
import { flag, option, OptionError } from "../../notifications/kinds/notification-kind.ts";
import type { Given, Kind, Scene } from "../../notifications/kinds/notification-kind.ts";
import { personId } from "../../notifications/meta-ids.ts";
import { toWire } from "../../notifications/wire-format.ts";

export const COMPOSE_OPTIONS = {
  account: option("the account's id, as in entry.id"),
  page: flag("the account is a Page"),
  person: option("the other person's id"),
  username: option("the other person's name"),
  count: option("how many; each with an id and a person of its own (default 1)"),
  batch: option(`updates in one delivery, at most ${MAX_UPDATES_PER_DELIVERY} (default 1)`),
  duplicate: flag("every delivery twice"),
  shuffle: flag("deliveries in another order than they happened"),
  "numeric-ids": flag("ids as bare numbers, which lose digits in JSON.parse"),
  array: flag("the body in a list, as one page of the documentation prints it"),
  seed: option("a number: the same seed gives the same ids"),
};

export interface Defaults {
  accountId: string;
  pageId: string;
  appId: string;
  mediaId: string;
}

/** Bodies of one kind, ready to be signed and sent. */
export function compose(kind: Kind, given: Given, defaults: Defaults, now: number, random: Random): string[] {
  const count = given.whole("count") ?? 1;
  const batch = given.whole("batch") ?? 1;
  if (count < 1) throw new OptionError("--count must be at least 1");
  if (batch < 1 || batch > MAX_UPDATES_PER_DELIVERY) {
    throw new OptionError(`--batch must be from 1 to ${MAX_UPDATES_PER_DELIVERY}: more never comes in one delivery`);
  }
  const platform = kind.platform ?? (given.flag("page") ? "page" : "instagram");
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = given.text("person") ?? personId(random);
    const scene: Scene = {
      platform,
      accountId: given.text("account") ?? (platform === "page" ? defaults.pageId : defaults.accountId),
      personId: person,
      username: given.text("username") ?? `person.${person.slice(-5)}`,
      mediaId: defaults.mediaId,
      appId: defaults.appId,
      // Within one batch all happen in the same second; a count over several deliveries is spread by the sender.
      now,
      random,
    };
    items.push(kind.make(scene, given));
  }
  let bodies = deliveriesOf(items, batch);
  if (given.flag("numeric-ids")) bodies = bodies.map(withNumericIds);
  if (given.flag("array")) bodies = bodies.map((body) => [body]);
  return arrange(bodies.map(toWire), given, random);
}

/** Duplicates and order, for bodies of any origin. */
export function arrange(bodies: readonly string[], given: Given, random: Random): string[] {
  const all = given.flag("duplicate") ? bodies.flatMap((body) => [body, body]) : [...bodies];
  return given.flag("shuffle") ? shuffled(all, random) : all;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
