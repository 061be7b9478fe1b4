/** The timeline of a scenario as steps in time. */
import { instagramObjectId } from "../../notifications/meta-ids.ts";
import type { Item } from "../../notifications/delivery-body.ts";
import { echo, message, midOf, PAGE_INBOX_APP_ID, standby } from "../../notifications/message-notifications.ts";
import type { Action } from "../../scenario/scenario-file.ts";
import { say } from "../terminal.ts";
import type { RunState, PlannedReply } from "./run-state.ts";

export interface Step {
  /** ms after the start of the run. */
  at: number;
  run: () => Promise<void>;
}

type Of<D extends Action["do"]> = Extract<Action, { do: D }>;

/** A bot replies for as long as the run lasts. */
export interface Bot {
  account: string;
  personId: string;
  afterMs: number;
}

/** All steps, in order. Times are divided by the speed of the run. */
export function stepsOf(runState: RunState, bots: Bot[]): Step[] {
  const steps = runState.scenario.timeline.flatMap((action) => expand(runState, action, bots));
  return steps.toSorted((left, right) => left.at - right.at);
}

function expand(runState: RunState, action: Action, bots: Bot[]): Step[] {
  const at = action.at / runState.speed;
  const once = (run: () => Promise<void>): Step[] => [{ at, run }];
  switch (action.do) {
    case "comments":
      return comments(runState, action, at);
    case "messages":
      return once(() => messages(runState, action));
    case "standby":
      return once(() => deliverStandby(runState, action));
    case "human_writes":
      return once(() => humanWrites(runState, action));
    case "bot_answers":
      return once(async () => {
        for (const name of action.from) {
          bots.push({
            account: action.account,
            personId: runState.person(action.account, name),
            afterMs: action.after,
          });
        }
      });
    case "end_live":
      return once(async () => {
        await runState.meta.control("PUT", `/media/${runState.media(action.media)}`, { live: false });
      });
    case "token_dies":
      return once(() => tokenDies(runState, action));
    case "token_renewed":
      return once(() => renewToken(runState, action.account));
    case "outage":
      return once(async () => {
        const seconds = action.for / runState.speed / 1000;
        const from = Date.now();
        runState.blocked.push({ accountId: null, from, to: from + seconds * 1000 });
        await runState.meta.control("PUT", "/outage", { seconds });
      });
    case "fault":
      return once(async () => {
        await runState.meta.control("POST", "/faults", action.fault);
      });
    case "behave":
      return once(async () => {
        const { ownComments, automaticReply } = action;
        const reply = automaticReply === undefined ? undefined : { text: automaticReply };
        await runState.meta.control("PUT", "/settings", { ownComments, automaticReply: reply });
      });
    case "faults_end":
      return once(async () => {
        await runState.meta.control("DELETE", "/faults");
      });
  }
}

function comments(runState: RunState, action: Of<"comments">, at: number): Step[] {
  const { account, media, batch, live, answered } = action;
  const accountId = runState.account(account).id;
  const deliveries = Math.ceil(action.count / batch);
  const gap = action.over / runState.speed / Math.max(1, deliveries);
  return Array.from({ length: deliveries }, (_, index): Step => {
    const size = Math.min(batch, action.count - index * batch);
    const picks = Array.from({ length: size }, () => ({
      id: instagramObjectId(runState.random),
      asking: runState.random() < action.asking,
    }));
    const twice = runState.random() < action.duplicates;
    return {
      at: at + index * gap,
      async run() {
        const items: Item[] = [];
        const about: PlannedReply[] = [];
        for (const { id, asking } of picks) {
          const item = runState.comment(account, { id, asking, media, live });
          items.push(item);
          if (!asking) continue;
          const personId = "";
          const must = answered ? "taken" : "once";
          about.push({ id, accountId, personId, kind: "private_reply", rateLimit: live ? "live" : "private", must });
          if (answered) {
            const comment = { accountId, mediaId: runState.media(media), answered: true };
            await runState.meta.control("PUT", `/comments/${id}`, comment);
          }
        }
        await runState.deliver(items, about, live ? "live comments" : "comments", twice ? 2 : 1);
      },
    };
  });
}

async function messages(runState: RunState, { account, from, expect }: Of<"messages">): Promise<void> {
  for (const name of from) await writeMessage(runState, account, runState.person(account, name), expect);
}

/** A person sends the keyword. */
export async function writeMessage(
  runState: RunState,
  account: string,
  personId: string,
  must: PlannedReply["must"],
): Promise<void> {
  const { id: accountId, platform } = runState.account(account);
  const mid = midOf(platform, runState.random);
  const text = `${runState.scenario.keyword}?`;
  const item = message({ platform, accountId, personId, mid, text }, runState.buildContext());
  await runState.deliver(
    [item],
    [{ id: mid, accountId, personId, kind: "message", rateLimit: "message", must }],
    "message",
  );
}

async function deliverStandby(runState: RunState, { account, from }: Of<"standby">): Promise<void> {
  const { id: accountId, platform } = runState.account(account);
  for (const name of from) {
    const personId = runState.person(account, name);
    const inner = message(
      { platform, accountId, personId, text: `${runState.scenario.keyword}?` },
      runState.buildContext(),
    );
    const about: PlannedReply = {
      id: `standby ${personId}`,
      accountId,
      personId,
      kind: "message",
      rateLimit: "message",
      must: "never",
    };
    await runState.deliver([standby(inner)], [about], "standby");
  }
}

/** A person replies from the inbox: the receiver gets an echo that is not its own. */
async function humanWrites(runState: RunState, { account, to }: Of<"human_writes">): Promise<void> {
  const { id: accountId, platform } = runState.account(account);
  for (const name of to) {
    const personId = runState.person(account, name);
    const item = echo(
      { platform, accountId, personId, text: "Hi, Anna here. I take over.", appId: PAGE_INBOX_APP_ID },
      runState.buildContext(),
    );
    await runState.deliver([item], [], "echo");
  }
}

async function tokenDies(runState: RunState, { account, subcode }: Of<"token_dies">): Promise<void> {
  const { id } = runState.account(account);
  runState.blocked.push({ accountId: id, from: Date.now(), to: Number.POSITIVE_INFINITY });
  await runState.meta.control("DELETE", `/tokens/${id}`, { subcode });
}

async function renewToken(runState: RunState, name: string): Promise<void> {
  const { id, platform } = runState.account(name);
  const { accessToken } = await runState.meta.control<{ accessToken: string }>("POST", "/tokens", { accountId: id });
  if (runState.replyline === null) say(`\n  ${name} has a new access token: ${accessToken}`);
  else {
    await runState.replyline.connect(id, {
      platform,
      login: platform === "page" ? "facebook" : "instagram",
      accessToken,
    });
  }
  for (const block of runState.blocked) if (block.accountId === id) block.to = Math.min(block.to, Date.now());
}
