/** Runs a scenario's steps in time, watches the Graph API, and builds the report. */
import { buildReport } from "../../scenario/scenario-report.ts";
import type { ScenarioReport } from "../../scenario/report-types.ts";
import type { SentMessage } from "../../graph/graph-state.ts";
import { stepsOf, writeMessage, type Bot, type Step } from "./timeline-steps.ts";
import type { RunState } from "./run-state.ts";

export interface Progress {
  elapsedMs: number;
  /** Length of the timeline, without the time to settle. */
  totalMs: number;
  updatesSent: number;
  report: ScenarioReport;
}

/** How often the Graph API is polled. */
const POLL_MS = 1000;
/** When every reply has arrived, the run waits this long for replies that should not exist. */
const QUIET_MS = 3000;
const BOT_POLL_MS = 250;

export interface ScenarioResult {
  report: ScenarioReport;
  notTaken: number;
  tookMs: number;
}

/** @param settleMs the longest time to wait for replies after the last step */
export async function runScenario(
  runState: RunState,
  settleMs: number,
  show: (progress: Progress) => void,
): Promise<ScenarioResult> {
  const bots: Bot[] = [];
  const steps = stepsOf(runState, bots);
  await runState.begin();
  const startedAt = Date.now();
  const totalMs = steps.at(-1)?.at ?? 0;
  const stop = new AbortController();
  let endedAt = Number.POSITIVE_INFINITY;
  const showProgress = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await sleep(POLL_MS);
      show({
        elapsedMs: Date.now() - startedAt,
        totalMs,
        updatesSent: runState.updatesSent,
        report: await reportAt(runState, Date.now()),
      });
    }
  };
  const act = async (): Promise<void> => {
    try {
      await runSteps(steps, startedAt);
      endedAt = await settle(runState, settleMs);
    } finally {
      stop.abort();
    }
  };
  // If one of them fails, the run is over.
  try {
    await Promise.all([act(), showProgress(), replyAsBots(runState, bots, stop.signal)]);
  } finally {
    stop.abort();
  }
  const { notTaken } = await runState.expected();
  return { report: await reportAt(runState, endedAt), notTaken, tookMs: Date.now() - startedAt };
}

/** Steps of the same moment start together. A late step does not delay the others. */
async function runSteps(steps: readonly Step[], startedAt: number): Promise<void> {
  const running = new Set<Promise<void>>();
  const problems: unknown[] = [];
  for (const { at, run } of steps) {
    await sleep(startedAt + at - Date.now());
    const step: Promise<void> = run()
      .catch((error: unknown) => void problems.push(error))
      .finally(() => running.delete(step));
    running.add(step);
    // More at once would measure this machine, not the receiver.
    if (running.size >= MAX_RUNNING) await Promise.race(running);
    if (problems.length > 0) break;
  }
  await Promise.all(running);
  if (problems.length > 0) throw problems[0];
}

const MAX_RUNNING = 8;

/** @param endedAt every reply whose turn was before this time must have been sent */
async function reportAt(runState: RunState, endedAt: number): Promise<ScenarioReport> {
  await runState.fetchCalls();
  const { expected } = await runState.expected();
  const { expect } = runState.scenario;
  return buildReport(expected, runState.calls, {
    deferMs: expect.deferSeconds * 1000,
    lateAfterMs: expect.lateAfterSeconds * 1000,
    maxPerPerson: expect.maxPerPerson ?? null,
    blocked: runState.blocked,
    endedAt,
  });
}

/**
 * Waits until every expected reply has been sent, or the time is up. A reply whose turn is just before the end may still
 * be on its way, so the run waits for it until it is late.
 *
 * @returns when the run ended
 */
async function settle(runState: RunState, settleMs: number): Promise<number> {
  const endedAt = Date.now() + settleMs;
  const lateAfterMs = runState.scenario.expect.lateAfterSeconds * 1000;
  const expectsReplies = runState.scenario.timeline.some(
    (action) => action.do === "comments" || (action.do === "messages" && action.expect === "once"),
  );
  while (Date.now() < endedAt) {
    await sleep(Math.min(POLL_MS, Math.max(0, endedAt - Date.now())));
    if (!expectsReplies) continue;
    const { waiting, never } = await reportAt(runState, Date.now());
    const { notTaken } = await runState.expected();
    if (waiting + never + notTaken === 0) {
      await sleep(QUIET_MS);
      return Date.now();
    }
  }
  while (Date.now() < endedAt + lateAfterMs && (await reportAt(runState, endedAt)).never > 0) await sleep(POLL_MS);
  return endedAt;
}

/** Two bots meet: each message that the receiver sends to one of these people gets a reply. */
async function replyAsBots(runState: RunState, bots: readonly Bot[], stop: AbortSignal): Promise<void> {
  const seen = new Set<string>();
  while (!stop.aborted) {
    await sleep(BOT_POLL_MS);
    for (const { account, personId, afterMs } of bots) {
      const sent = await runState.meta.sent(runState.account(account).id);
      const fresh = sent.filter((message: SentMessage) => message.personId === personId && !seen.has(message.mid));
      for (const { mid } of fresh) {
        seen.add(mid);
        await sleep(afterMs);
        if (!stop.aborted) await writeMessage(runState, account, personId, "any");
      }
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
