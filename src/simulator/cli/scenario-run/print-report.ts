/** How a play reads on the screen, while it goes on and when it is over. */
import { bold, dim, duration, green, padEnd, padStart, red, say, yellow } from "../terminal.ts";
import type { PlayResult, Progress } from "./run-scenario.ts";

/** What is shown while a play goes on. */
export function progressLine({ elapsedMs, totalMs, told, verdict }: Progress): string {
  const where = elapsedMs < totalMs ? `${clock(elapsedMs)} of ${clock(totalMs)}` : `${clock(elapsedMs)}, settling`;
  const waiting = verdict.waiting + verdict.never;
  return `  ${where}   ${figure(told)} told   ${figure(verdict.once)} answered   ${figure(waiting)} waiting`;
}

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
};

const figure = (value: number): string => value.toLocaleString("en");

const LABEL_COLUMNS = 21;
const FIGURE_COLUMNS = 7;

/** The verdict, in rows: each question is in one of them. */
export function report({ verdict, notTaken, tookMs }: PlayResult, told: number): void {
  const row = (label: string, value: number, bad: boolean, remark = ""): void => {
    const shown = padStart(figure(value), FIGURE_COLUMNS);
    say(
      `  ${padEnd(label, LABEL_COLUMNS)}${bad && value > 0 ? red(shown) : shown}${remark === "" ? "" : `  ${dim(remark)}`}`,
    );
  };
  say(`${bold("Verdict")} ${dim(`from Meta's side, after ${duration(tookMs)}`)}`);
  row("updates told", told, false);
  row("not taken", notTaken, true, "deliveries that were never answered 200");
  row("answered once", verdict.once, false);
  row("answered twice", verdict.twice, true, "or tried again after a clear answer");
  row("never answered", verdict.never, true, "although there was time, and room in Meta's limits");
  row("waiting for room", verdict.waiting, false, waitingRemark(verdict.waiting, verdict.waitingUntil));
  row("too early", verdict.early, true);
  row("too late", verdict.late, true);
  row("over the limit", verdict.overLimit, true, "calls that Meta refused as too many");
  row("not asked for", verdict.unasked, true);
  if (verdict.longestConversation > 0)
    row("longest conversation", verdict.longestConversation, false, "messages to one person");
  for (const finding of verdict.findings) say(`  ${yellow("·")} ${finding}`);
  say(verdict.passed && notTaken === 0 ? green("\nAll of it came out right.") : red("\nNot all of it came out right."));
}

const waitingRemark = (waiting: number, until: number | null): string =>
  waiting === 0 || until === null
    ? ""
    : `Meta's limit has no room yet; the last has its turn in ${duration(Math.max(0, until - Date.now()))}`;
