/** The timeline of a scenario as steps in time. */
import { instagramObjectId } from "../../notifications/meta-ids.ts";
import type { Item } from "../../notifications/delivery-body.ts";
import { echo, message, midOf, PAGE_INBOX_APP_ID, standby } from "../../notifications/message-notifications.ts";
import type { Action } from "../../scenario/scenario-file.ts";
import { say } from "../terminal.ts";
import type { Stage, Unsaid } from "./run-state.ts";

export interface Step {
  /** ms after the beginning. */
  at: number;
  run: () => Promise<void>;
}

type Of<D extends Action["do"]> = Extract<Action, { do: D }>;

/** Bots answer for as long as the play lasts. */
export interface Bot {
  account: string;
  personId: string;
  afterMs: number;
}

/** All steps, in order. Times are made shorter by the stage's speed. */
export function stepsOf(stage: Stage, bots: Bot[]): Step[] {
  const steps = stage.scenario.timeline.flatMap((action) => expand(stage, action, bots));
  return steps.toSorted((left, right) => left.at - right.at);
}

function expand(stage: Stage, action: Action, bots: Bot[]): Step[] {
  const at = action.at / stage.speed;
  const once = (run: () => Promise<void>): Step[] => [{ at, run }];
  switch (action.do) {
    case "comments":
      return comments(stage, action, at);
    case "messages":
      return once(() => messages(stage, action));
    case "standby":
      return once(() => tellStandby(stage, action));
    case "human_writes":
      return once(() => humanWrites(stage, action));
    case "bot_answers":
      return once(async () => {
        for (const name of action.from) {
          bots.push({ account: action.account, personId: stage.person(action.account, name), afterMs: action.after });
        }
      });
    case "end_live":
      return once(async () => {
        await stage.meta.control("PUT", `/media/${stage.media(action.media)}`, { live: false });
      });
    case "token_dies":
      return once(() => tokenDies(stage, action));
    case "token_renewed":
      return once(() => renewToken(stage, action.account));
    case "outage":
      return once(async () => {
        const seconds = action.for / stage.speed / 1000;
        const from = Date.now();
        stage.blocked.push({ accountId: null, from, to: from + seconds * 1000 });
        await stage.meta.control("PUT", "/outage", { seconds });
      });
    case "fault":
      return once(async () => {
        await stage.meta.control("POST", "/faults", action.fault);
      });
    case "faults_end":
      return once(async () => {
        await stage.meta.control("DELETE", "/faults");
      });
  }
}

function comments(stage: Stage, action: Of<"comments">, at: number): Step[] {
  const { account, media, batch, live, answered } = action;
  const accountId = stage.account(account).id;
  const deliveries = Math.ceil(action.count / batch);
  const gap = action.over / stage.speed / Math.max(1, deliveries);
  return Array.from({ length: deliveries }, (_, index): Step => {
    const size = Math.min(batch, action.count - index * batch);
    const picks = Array.from({ length: size }, () => ({
      id: instagramObjectId(stage.random),
      asking: stage.random() < action.asking,
    }));
    const twice = stage.random() < action.duplicates;
    return {
      at: at + index * gap,
      async run() {
        const items: Item[] = [];
        const about: Unsaid[] = [];
        for (const { id, asking } of picks) {
          const item = stage.comment(account, { id, asking, media, live });
          items.push(item);
          if (!asking) continue;
          const personId = "";
          const must = answered ? "taken" : "once";
          about.push({ id, accountId, personId, kind: "private_reply", lane: live ? "live" : "private", must });
          if (answered) {
            const comment = { accountId, mediaId: stage.media(media), answered: true };
            await stage.meta.control("PUT", `/comments/${id}`, comment);
          }
        }
        await stage.tell(items, about, live ? "live comments" : "comments", twice ? 2 : 1);
      },
    };
  });
}

async function messages(stage: Stage, { account, from, expect }: Of<"messages">): Promise<void> {
  for (const name of from) await writeMessage(stage, account, stage.person(account, name), expect);
}

/** A person writes the keyword. */
export async function writeMessage(
  stage: Stage,
  account: string,
  personId: string,
  must: Unsaid["must"],
): Promise<void> {
  const { id: accountId, platform } = stage.account(account);
  const mid = midOf(platform, stage.random);
  const text = `${stage.scenario.keyword}?`;
  const item = message({ platform, accountId, personId, mid, text }, stage.making());
  await stage.tell([item], [{ id: mid, accountId, personId, kind: "message", lane: "message", must }], "message");
}

async function tellStandby(stage: Stage, { account, from }: Of<"standby">): Promise<void> {
  const { id: accountId, platform } = stage.account(account);
  for (const name of from) {
    const personId = stage.person(account, name);
    const inner = message({ platform, accountId, personId, text: `${stage.scenario.keyword}?` }, stage.making());
    const about: Unsaid = {
      id: `standby ${personId}`,
      accountId,
      personId,
      kind: "message",
      lane: "message",
      must: "never",
    };
    await stage.tell([standby(inner)], [about], "standby");
  }
}

/** Somebody answers from the inbox: the receiver sees an echo that is not its own. */
async function humanWrites(stage: Stage, { account, to }: Of<"human_writes">): Promise<void> {
  const { id: accountId, platform } = stage.account(account);
  for (const name of to) {
    const personId = stage.person(account, name);
    const item = echo(
      { platform, accountId, personId, text: "Hi, Anna here. I take over.", appId: PAGE_INBOX_APP_ID },
      stage.making(),
    );
    await stage.tell([item], [], "echo");
  }
}

async function tokenDies(stage: Stage, { account, subcode }: Of<"token_dies">): Promise<void> {
  const { id } = stage.account(account);
  stage.blocked.push({ accountId: id, from: Date.now(), to: Number.POSITIVE_INFINITY });
  await stage.meta.control("DELETE", `/tokens/${id}`, { subcode });
}

async function renewToken(stage: Stage, name: string): Promise<void> {
  const { id, platform } = stage.account(name);
  const { accessToken } = await stage.meta.control<{ accessToken: string }>("POST", "/tokens", { accountId: id });
  if (stage.replyline === null) say(`\n  ${name} has a new access token: ${accessToken}`);
  else {
    await stage.replyline.connect(id, {
      platform,
      login: platform === "page" ? "facebook" : "instagram",
      accessToken,
    });
  }
  for (const block of stage.blocked) if (block.accountId === id) block.to = Math.min(block.to, Date.now());
}
