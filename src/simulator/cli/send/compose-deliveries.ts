/** Turns options into bodies in wire format: how many updates, in which deliveries, in which order. */
import { withNumericIds } from "../../notifications/irregular-notifications.ts";
import { deliveriesOf, MAX_UPDATES_PER_DELIVERY, type Item } from "../../notifications/delivery-body.ts";
import {
  flag,
  option,
  UsageError,
  type OptionValues,
  type Kind,
  type NotificationContext,
} from "../../notifications/kinds/notification-kind.ts";
import { personId, type Random } from "../../notifications/meta-ids.ts";
import { toWire } from "../../notifications/wire-format.ts";

export const COMPOSE_OPTIONS = {
  account: option("the account's id, as in entry.id"),
  page: flag("the account is a Page"),
  person: option("the other person's id"),
  username: option("the other person's username"),
  count: option("how many updates, each with its own id and person (default: 1)"),
  batch: option(`updates in one delivery, at most ${MAX_UPDATES_PER_DELIVERY} (default: 1)`),
  duplicate: flag("send every delivery twice"),
  shuffle: flag("send the deliveries in random order"),
  "numeric-ids": flag("write ids as bare numbers, which lose digits in JSON.parse"),
  array: flag("wrap the body in an array, as one page of Meta's documentation shows it"),
  seed: option("a whole number; the same seed gives the same ids"),
};

export interface Defaults {
  accountId: string;
  pageId: string;
  appId: string;
  mediaId: string;
}

/** Bodies of one kind, ready to be signed and sent. */
export function compose(kind: Kind, values: OptionValues, defaults: Defaults, now: number, random: Random): string[] {
  const count = values.whole("count") ?? 1;
  const batch = values.whole("batch") ?? 1;
  if (count < 1) throw new UsageError("--count must be at least 1");
  if (batch < 1 || batch > MAX_UPDATES_PER_DELIVERY) {
    throw new UsageError(
      `--batch must be from 1 to ${MAX_UPDATES_PER_DELIVERY}, the most that Meta sends in one delivery`,
    );
  }
  const platform = kind.platform ?? (values.flag("page") ? "page" : "instagram");
  const items: Item[] = [];
  for (let index = 0; index < count; index += 1) {
    const person = values.text("person") ?? personId(random);
    const context: NotificationContext = {
      platform,
      accountId: values.text("account") ?? (platform === "page" ? defaults.pageId : defaults.accountId),
      personId: person,
      username: values.text("username") ?? `person.${person.slice(-5)}`,
      mediaId: defaults.mediaId,
      appId: defaults.appId,
      // All updates of a batch happen in the same second. Over several deliveries, the sender spreads them.
      now,
      random,
    };
    items.push(kind.make(context, values));
  }
  let bodies = deliveriesOf(items, batch);
  if (values.flag("numeric-ids")) bodies = bodies.map(withNumericIds);
  if (values.flag("array")) bodies = bodies.map((body) => [body]);
  return arrange(bodies.map(toWire), values, random);
}

/** Applies --duplicate and --shuffle to bodies. */
export function arrange(bodies: readonly string[], values: OptionValues, random: Random): string[] {
  const all = values.flag("duplicate") ? bodies.flatMap((body) => [body, body]) : [...bodies];
  return values.flag("shuffle") ? shuffled(all, random) : all;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, key: random() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item);
}
