/**
 * Tests what a receiver does, not only how it responds. This needs a simulator that the receiver uses as its Graph API,
 * and a connected account whose automation sends a private reply to a comment with a keyword.
 */
import type { Account } from "../../graph/graph-state.ts";
import { comment, commentAuthor, type CommentOptions } from "../../notifications/comment-notifications.ts";
import { UsageError } from "../../notifications/kinds/notification-kind.ts";
import { namedAuthor, type OwnAuthor } from "../../notifications/own-comment.ts";
import { instagramObjectId, personId, type Random } from "../../notifications/meta-ids.ts";
import { envelope, type Item } from "../../notifications/delivery-body.ts";
import { standby, message } from "../../notifications/message-notifications.ts";
import { TEST_BUTTON_COMMENT, testButtonComment } from "../../notifications/irregular-notifications.ts";
import { toWire } from "../../notifications/wire-format.ts";
import type { LoggedCall } from "../../simulator.ts";
import type { SimulatorClient } from "../api-clients.ts";
import { fail, pass, skip, type Finding } from "./conform-case.ts";

export interface EffectOptions {
  accountId: string;
  keyword: string;
  /** How long replies may take. */
  waitMs: number;
  /** For ids that no earlier run used: a comment from an earlier run already has its reply. */
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
/** The wait for a second reply after the last repetition. */
const AFTERMATH_MS = 3000;

/** The forms in which a receiver can know the author from the account's profile: `username`, and `id` of `GET /me`. */
const KNOWABLE_FORMS = ["username-only", "app-scoped-id"] as const;
type KnowableForm = (typeof KNOWABLE_FORMS)[number];

async function ownAuthor(simulator: SimulatorClient, accountId: string): Promise<OwnAuthor> {
  const { items } = await simulator.control<{ items: Account[] }>("GET", "/accounts");
  const account = items.find(({ id }) => id === accountId);
  if (account === undefined) {
    throw new UsageError(
      `the simulator has no account ${accountId}`,
      `account ${accountId} --username northlight.studio`,
    );
  }
  return { id: accountId, name: account.username, appScopedId: account.appScopedId };
}

/** The ids of everything that is sent, by the expected outcome. */
interface Sent {
  repeated: string;
  own: string;
  /** Own comments whose author Meta names in another way, by the form. */
  ownForms: Readonly<Record<KnowableForm, string>>;
  /** The comment of a person, with the person's own `self_ig_scoped_id`. */
  sampled: string;
  forged: string;
  batch: readonly string[];
  /** A person who writes to the account and may get a reply. */
  writer: string;
  /** A person whose thread another app controls. */
  stranger: string;
}

/** Sends a few comments, waits once for all replies, and checks the Graph calls since then. */
export async function tryEffects(simulator: SimulatorClient, options: EffectOptions): Promise<EffectResult[]> {
  const { random, waitMs, sleep } = options;
  const { lastCall } = await simulator.status();
  const sent: Sent = {
    repeated: instagramObjectId(random),
    own: instagramObjectId(random),
    ownForms: { "username-only": instagramObjectId(random), "app-scoped-id": instagramObjectId(random) },
    sampled: instagramObjectId(random),
    forged: instagramObjectId(random),
    batch: Array.from({ length: 5 }, () => instagramObjectId(random)),
    writer: personId(random),
    stranger: personId(random),
  };
  const repeated = await sendAll(simulator, sent, options);
  await sleep(waitMs);
  await simulator.deliver([repeated], { label: "conform", once: true });
  await sleep(Math.min(waitMs, AFTERMATH_MS));
  return evaluate(sent, await simulator.calls(lastCall));
}

/** @returns the body to repeat later */
async function sendAll(simulator: SimulatorClient, sent: Sent, options: EffectOptions): Promise<string> {
  const { accountId, keyword, random, now } = options;
  const buildContext = { now: now(), random };
  const person = (): { id: string; username: string } => {
    const id = personId(random);
    return { id, username: `conform.${id.slice(-4)}` };
  };
  const wire = (...items: Item[]): string => toWire(envelope(items));
  const asking = (id: string, from: CommentOptions["from"] = person(), selfScopedId = ""): Item =>
    comment(
      {
        accountId,
        id,
        text: `${keyword} please`,
        from,
        mediaId: MEDIA,
        ...(selfScopedId === "" ? {} : { selfScopedId }),
      },
      buildContext,
    );
  const writing = (id: string): Item =>
    message({ platform: "instagram", accountId, personId: id, text: keyword }, buildContext);
  const deliver = (bodies: readonly string[], secret?: string): Promise<unknown> =>
    simulator.deliver(bodies, { label: "conform", once: true, ...(secret === undefined ? {} : { secret }) });

  const repeated = wire(asking(sent.repeated));
  await deliver(Array.from({ length: 5 }, () => repeated));
  await deliver([wire(asking(sent.own, { id: accountId, username: "self" }))]);
  const author = await ownAuthor(simulator, accountId);
  for (const form of KNOWABLE_FORMS) {
    const { from } = commentAuthor(namedAuthor(form, author, "instagram", random));
    await deliver([wire(asking(sent.ownForms[form], from))]);
  }
  const commenter = person();
  await deliver([wire(asking(sent.sampled, commenter, commenter.id))]);
  await deliver([wire(asking(sent.forged))], "forger");
  await deliver([wire(...sent.batch.map((id) => asking(id)))]);
  await deliver([wire(writing(sent.writer))]);
  await deliver([wire(standby(writing(sent.stranger)))]);
  await deliver([wire(testButtonComment(buildContext))]);
  return repeated;
}

function evaluate(sent: Sent, calls: readonly LoggedCall[]): EffectResult[] {
  const attempts = (id: string): LoggedCall[] =>
    calls.filter(({ operation, commentId }) => operation === "private_reply" && commentId === id);
  const replies = (id: string): number => attempts(id).filter(({ mid }) => mid !== null).length;
  /** Calls about this id that are not reads: an attempted reply names it in the path or as its comment. */
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
      title: "a comment that is delivered six times gets one reply",
      why: "people complain when they get the same message twice",
      finding: once
        ? pass("once")
        : fail(`${replies(sent.repeated)} replies, ${attempts(sent.repeated).length} attempts`),
    },
    {
      title: "every comment of a batch gets a reply",
      why: "a receiver that reads only the first update of a delivery loses the others",
      finding: answered === sent.batch.length ? pass(batch) : fail(batch),
    },
    {
      title: "the account's own comment gets no reply",
      why: "a bot that replies to itself never stops",
      finding: none(touched(sent.own)),
    },
    ...Object.entries(sent.ownForms).map(([form, id]) => ({
      title: `the account's own comment gets no reply: ${form}`,
      why: "Meta does not always give its author the id of the account; the account's profile has the name and the other id",
      finding: none(touched(id)),
    })),
    {
      title: "a person's comment with self_ig_scoped_id gets a reply",
      why: "Meta's own sample has this key in a comment of another person",
      finding: replies(sent.sampled) === 1 ? pass("one") : fail(`${replies(sent.sampled)} replies`),
    },
    {
      title: "a forged comment gets no reply",
      why: "otherwise anyone can send messages in your name",
      finding: none(touched(sent.forged)),
    },
    {
      title: "the Test button's comment gets no reply",
      why: "it belongs to account 0, which does not exist; a reply is a wasted Graph call",
      finding: none(touched(TEST_BUTTON_COMMENT)),
    },
    {
      title: "a thread of another app gets no reply",
      why: "standby means that another app or a person controls the thread",
      finding: standbyFinding(messagesTo(sent.stranger), messagesTo(sent.writer)),
    },
  ];
}

/** No reply is a pass only if the receiver replies to messages at all. */
function standbyFinding(toStranger: number, toWriter: number): Finding {
  if (toStranger > 0) return fail(`${toStranger} attempts`);
  return toWriter > 0 ? pass("none") : skip("no automation replies to messages with the keyword");
}
