/**
 * What a receiver does, not only what it answers. Needs a simulator that the receiver uses as its Graph API, and an
 * account connected there whose automation answers a comment with a keyword by a private reply.
 */
import { comment } from "../../notifications/comment.ts";
import { instagramObjectId, personId } from "../../notifications/ids.ts";
import type { Random } from "../../notifications/ids.ts";
import { envelope } from "../../notifications/item.ts";
import type { Item } from "../../notifications/item.ts";
import { standby, message } from "../../notifications/message.ts";
import { testButtonComment } from "../../notifications/irregular.ts";
import { toWire } from "../../notifications/wire.ts";
import type { SimulatorClient } from "../client.ts";
import { fail, pass } from "./case.ts";
import type { Finding } from "./case.ts";

export interface EffectOptions {
  accountId: string;
  keyword: string;
  /** How long replies may take. */
  waitMs: number;
  random: Random;
}

export interface EffectResult {
  title: string;
  why: string;
  finding: Finding;
}

const MEDIA = "18054321970886143";

/** Sends a handful of comments, waits once for all of them, and looks at what the Graph API saw. */
export async function tryEffects(
  simulator: SimulatorClient,
  { accountId, keyword, waitMs, random }: EffectOptions,
): Promise<EffectResult[]> {
  const making = { now: Date.now(), random };
  const person = (): { id: string; username: string } => {
    const id = personId(random);
    return { id, username: `conform.${id.slice(-4)}` };
  };
  const wire = (...items: Item[]): string => toWire(envelope(items));
  const asking = (id: string, rest: Partial<Parameters<typeof comment>[0]> = {}): Item =>
    comment({ accountId, id, text: `${keyword} please`, from: person(), mediaId: MEDIA, ...rest }, making);
  const ids = {
    repeated: instagramObjectId(random),
    own: instagramObjectId(random),
    forged: instagramObjectId(random),
    batch: Array.from({ length: 5 }, () => instagramObjectId(random)),
  };
  const stranger = personId(random);

  const repeated = wire(asking(ids.repeated));
  await simulator.deliver(
    Array.from({ length: 5 }, () => repeated),
    { label: "conform", once: true },
  );
  await simulator.deliver([wire(asking(ids.own, { from: { id: accountId, username: "self" } }))], {
    label: "conform",
    once: true,
  });
  await simulator.deliver([wire(asking(ids.forged))], { label: "conform", once: true, secret: "forger" });
  await simulator.deliver([wire(...ids.batch.map((id) => asking(id)))], { label: "conform", once: true });
  await simulator.deliver(
    [wire(standby(message({ platform: "instagram", accountId, personId: stranger, text: keyword }, making)))],
    { label: "conform", once: true },
  );
  await simulator.deliver([wire(testButtonComment(making))], { label: "conform", once: true });
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  await simulator.deliver([repeated], { label: "conform", once: true });
  await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, 3000)));

  const sent = await simulator.sent(accountId);
  const calls = await simulator.calls();
  const repliesTo = (id: string): number =>
    sent.filter(({ kind, commentId }) => kind === "private_reply" && commentId === id).length;
  const attemptsAt = (id: string): number =>
    calls.filter(({ operation, commentId }) => operation === "private_reply" && commentId === id).length;
  const answered = ids.batch.filter((id) => repliesTo(id) === 1).length;
  return [
    {
      title: "a comment delivered six times is answered once",
      why: "a person who gets the same message twice writes back, and not kindly",
      finding:
        repliesTo(ids.repeated) === 1 && attemptsAt(ids.repeated) === 1
          ? pass("once")
          : fail(`${repliesTo(ids.repeated)} replies, ${attemptsAt(ids.repeated)} attempts`),
    },
    {
      title: "every comment of a batch is answered",
      why: "receivers that read only the first update of a delivery lose the rest",
      finding:
        answered === ids.batch.length
          ? pass(`${answered} of ${ids.batch.length}`)
          : fail(`${answered} of ${ids.batch.length}`),
    },
    {
      title: "the account's own comment is not answered",
      why: "a bot that answers itself does not stop",
      finding: attemptsAt(ids.own) === 0 ? pass("none") : fail(`${attemptsAt(ids.own)} attempts`),
    },
    {
      title: "a forged comment is not answered",
      why: "else strangers send messages in your name",
      finding: attemptsAt(ids.forged) === 0 ? pass("none") : fail(`${attemptsAt(ids.forged)} attempts`),
    },
    {
      title: "a thread of another app is left alone",
      why: "standby means that another app, or a person, has it",
      finding: calls.every(({ personId: to }) => to !== stranger) ? pass("none") : fail("a message was sent"),
    },
  ];
}
