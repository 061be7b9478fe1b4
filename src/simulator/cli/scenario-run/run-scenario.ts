/** Plays a scenario's steps in time, watches the Graph API, and gives the verdict. */
import { judge } from "../../scenario/scenario-report.ts";
import type { Verdict } from "../../scenario/report-types.ts";
import type { SentMessage } from "../../graph/graph-state.ts";
import { stepsOf, writeMessage } from "./timeline-steps.ts";
import type { Bot, Step } from "./timeline-steps.ts";
import type { Stage } from "./run-state.ts";

export interface Progress {
  elapsedMs: number;
  /** Length of the timeline, without the settling. */
  totalMs: number;
  told: number;
  verdict: Verdict;
}

/** How often the Graph API is looked at. */
const LOOK_MS = 1000;
/** After all is answered, answers that nobody asked for still get this long to show. */
const QUIET_MS = 3000;
const BOT_LOOK_MS = 250;

export interface PlayResult {
  verdict: Verdict;
  notTaken: number;
  tookMs: number;
}

/** `settleMs`: how long replies are waited for after the last step, at most. */
export async function play(stage: Stage, settleMs: number, show: (progress: Progress) => void): Promise<PlayResult> {
  const bots: Bot[] = [];
  const steps = stepsOf(stage, bots);
  await stage.begin();
  const startedAt = Date.now();
  const totalMs = steps.at(-1)?.at ?? 0;
  const curtain = new AbortController();
  let endedAt = Number.POSITIVE_INFINITY;
  const look = async (): Promise<void> => {
    while (!curtain.signal.aborted) {
      await sleep(LOOK_MS);
      show({
        elapsedMs: Date.now() - startedAt,
        totalMs,
        told: stage.told,
        verdict: await verdictAt(stage, Date.now()),
      });
    }
  };
  const act = async (): Promise<void> => {
    try {
      await runSteps(steps, startedAt);
      endedAt = await settle(stage, settleMs);
    } finally {
      curtain.abort();
    }
  };
  // If one of them fails, the play is over.
  try {
    await Promise.all([act(), look(), answerAsBots(stage, bots, curtain.signal)]);
  } finally {
    curtain.abort();
  }
  const { notTaken } = await stage.asked();
  return { verdict: await verdictAt(stage, endedAt), notTaken, tookMs: Date.now() - startedAt };
}

/** Steps of the same moment begin together; a late one does not push the others. */
async function runSteps(steps: readonly Step[], startedAt: number): Promise<void> {
  const running = new Set<Promise<void>>();
  const problems: unknown[] = [];
  for (const { at, run } of steps) {
    await sleep(startedAt + at - Date.now());
    const step: Promise<void> = run()
      .catch((error: unknown) => void problems.push(error))
      .finally(() => running.delete(step));
    running.add(step);
    // More than this at once would measure this machine.
    if (running.size >= MAX_RUNNING) await Promise.race(running);
    if (problems.length > 0) break;
  }
  await Promise.all(running);
  if (problems.length > 0) throw problems[0];
}

const MAX_RUNNING = 8;

/** `endedAt`: what had its turn before that must have been answered. */
async function verdictAt(stage: Stage, endedAt: number): Promise<Verdict> {
  await stage.look();
  const { asked } = await stage.asked();
  const { expect } = stage.scenario;
  return judge(asked, stage.calls, {
    deferMs: expect.deferSeconds * 1000,
    lateAfterMs: expect.lateAfterSeconds * 1000,
    maxPerPerson: expect.maxPerPerson ?? null,
    blocked: stage.blocked,
    endedAt,
  });
}

/**
 * Waits until everything is answered that must be, or the time is up; gives when that was. What has its turn just before
 * the end may still be on its way: until it is late, it is waited for.
 */
async function settle(stage: Stage, settleMs: number): Promise<number> {
  const endedAt = Date.now() + settleMs;
  const lateAfterMs = stage.scenario.expect.lateAfterSeconds * 1000;
  const waitsForAnswers = stage.scenario.timeline.some(
    (action) => action.do === "comments" || (action.do === "messages" && action.expect === "once"),
  );
  while (Date.now() < endedAt) {
    await sleep(Math.min(LOOK_MS, Math.max(0, endedAt - Date.now())));
    if (!waitsForAnswers) continue;
    const { waiting, never } = await verdictAt(stage, Date.now());
    const { notTaken } = await stage.asked();
    if (waiting + never + notTaken === 0) {
      await sleep(QUIET_MS);
      return Date.now();
    }
  }
  while (Date.now() < endedAt + lateAfterMs && (await verdictAt(stage, endedAt)).never > 0) await sleep(LOOK_MS);
  return endedAt;
}

/** Two bots meet: what the receiver sends to one of these people is answered, and so on. */
async function answerAsBots(stage: Stage, bots: readonly Bot[], curtain: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  while (!curtain.aborted) {
    await sleep(BOT_LOOK_MS);
    for (const { account, personId, afterMs } of bots) {
      const sent = await stage.meta.sent(stage.account(account).id);
      const fresh = sent.filter((message: SentMessage) => message.personId === personId && !seen.has(message.mid));
      for (const { mid } of fresh) {
        seen.add(mid);
        await sleep(afterMs);
        if (!curtain.aborted) await writeMessage(stage, account, personId, "any");
      }
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
