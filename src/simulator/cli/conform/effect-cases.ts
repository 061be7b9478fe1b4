/**
 * What a receiver does, not only what it answers. Needs a simulator that the receiver uses as its Graph API, and an
 * account connected there whose automation answers a comment with a keyword by a private reply.
 */
import { comment } from "../../notifications/comment-notifications.ts";
import { instagramObjectId, personId } from "../../notifications/meta-ids.ts";
import type { Random } from "../../notifications/meta-ids.ts";
import { envelope } from "../../notifications/delivery-body.ts";
import type { Item } from "../../notifications/delivery-body.ts";
import { standby, message } from "../../notifications/message-notifications.ts";
import { TEST_BUTTON_COMMENT, testButtonComment } from "../../notifications/irregular-notifications.ts";
import { toWire } from "../../notifications/wire-format.ts";
import type { LoggedCall } from "../../simulator.ts";
import type { SimulatorClient } from "../api-clients.ts";
import { fail, pass, skip } from "./conform-case.ts";
import type { Finding } from "./conform-case.ts";

export interface EffectOptions {
  accountId: string;
  keyword: string;
  /** How long replies may take. */
  waitMs: number;
  /** Of this run alone: an id that was used before has been answered before. */
  random: Random;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

export interface EffectResult {
  title: string;
  why: string;
  finding: Finding;
}

const MEDIA = "18054321970886143";
/** After the last repetition, a second answer gets this long to show. */
const AFTERMATH_MS = 3000;

/** Everything that is sent, by what must come of it. */
interface Sent {
  repeated: string;
  own: string;
  forged: string;
  batch: readonly string[];
  /** Somebody who writes to the account, and may be answered. */
  writer: string;
  /** Somebody whose thread another app has. */
  stranger: string;
}

/** Sends a handful of comments, waits once for all of them, and looks at what the Graph API saw since then. */
export async function tryEffects(simulator: SimulatorClient, options: EffectOptions): Promise<EffectResult[]> {
  const { random, waitMs, sleep } = options;
  const { lastCall } = await simulator.status();
  const sent: Sent = {
    repeated: instagramObjectId(random),
    own: instagramObjectId(random),
    forged: instagramObjectId(random),
    batch: Array.from({ length: 5 }, () => instagramObjectId(random)),
    writer: personId(random),
    stranger: personId(random),
  };
  const repeated = await sendAll(simulator, sent, options);
  await sleep(waitMs);
  await simulator.deliver([repeated], { label: "conform", once: true });
  await sleep(Math.min(waitMs, AFTERMATH_MS));
  return judge(sent, await simulator.calls(lastCall));
}

/** Gives the body that is to be repeated later. */
async function sendAll(simulator: SimulatorClient, sent: Sent, options: EffectOptions): Promise<string> {
  const { accountId, keyword, random, now } = options;
  const buildContext = { now: now(), random };
  const person = (): { id: string; username: string } => {
    const id = personId(random);
    return { id, username: `conform.${id.slice(-4)}` };
  };
  const wire = (...items: Item[]): string => toWire(envelope(items));
  const asking = (id: string, from = person()): Item =>
    comment({ accountId, id, text: `${keyword} please`, from, mediaId: MEDIA }, buildContext);
  const writing = (id: string): Item =>
    message({ platform: "instagram", accountId, personId: id, text: keyword }, buildContext);
  const deliver = (bodies: readonly string[], secret?: string): Promise<unknown> =>
    simulator.deliver(bodies, { label: "conform", once: true, ...(secret === undefined ? {} : { secret }) });

  const repeated = wire(asking(sent.repeated));
  await deliver(Array.from({ length: 5 }, () => repeated));
  await deliver([wire(asking(sent.own, { id: accountId, username: "self" }))]);
  await deliver([wire(asking(sent.forged))], "forger");
  await deliver([wire(...sent.batch.map((id) => asking(id)))]);
  await deliver([wire(writing(sent.writer))]);
  await deliver([wire(standby(writing(sent.stranger)))]);
  await deliver([wire(testButtonComment(buildContext))]);
  return repeated;
}

function judge(sent: Sent, calls: readonly LoggedCall[]): EffectResult[] {
  const attempts = (id: string): LoggedCall[] =>
    calls.filter(({ operation, commentId }) => operation === "private_reply" && commentId === id);
  const replies = (id: string): number => attempts(id).filter(({ mid }) => mid !== null).length;
  /** Anything but reading it: an attempt at an answer shows in the path, or as what it is about. */
  const touched = (id: string): number =>
    calls.filter(
      ({ method, path, commentId }) => method !== "GET" && (commentId === id || path.split("/").includes(id)),
    ).length;
  const messagesTo = (id: string): number =>
    calls.filter(({ operation, personId: to }) => operation === "message" && to === id).length;
  const none = (count: number): Finding => (count === 0 ? pass("none") : fail(`${count} attempts`));
  const answered = sent.batch.filter((id) => replies(id) === 1).length;
  const batch = `${answered} of ${sent.batch.length}`;
  const once = replies(sent.repeated) === 1 && attempts(sent.repeated).length === 1;
  return [
    {
      title: "a comment delivered six times is answered once",
      why: "a person who gets the same message twice writes back, and not kindly",
      finding: once
        ? pass("once")
        : fail(`${replies(sent.repeated)} replies, ${attempts(sent.repeated).length} attempts`),
    },
    {
      title: "every comment of a batch is answered",
      why: "receivers that read only the first update of a delivery lose the rest",
      finding: answered === sent.batch.length ? pass(batch) : fail(batch),
    },
    {
      title: "the account's own comment is not answered",
      why: "a bot that answers itself does not stop",
      finding: none(touched(sent.own)),
    },
    {
      title: "a forged comment is not answered",
      why: "else strangers send messages in your name",
      finding: none(touched(sent.forged)),
    },
    {
      title: "the Test button's comment is not answered",
      why: "it belongs to account 0 and to nobody; whoever answers it calls the Graph API for nothing",
      finding: none(touched(TEST_BUTTON_COMMENT)),
    },
    {
      title: "a thread of another app is left alone",
      why: "standby means that another app, or a person, has it",
      finding: standbyFinding(messagesTo(sent.stranger), messagesTo(sent.writer)),
    },
  ];
}

/** Silence says something only about a receiver that would have answered. */
function standbyFinding(toStranger: number, toWriter: number): Finding {
  if (toStranger > 0) return fail(`${toStranger} messages were tried`);
  return toWriter > 0 ? pass("none") : skip("not tried: nothing answers messages with the keyword here");
}
