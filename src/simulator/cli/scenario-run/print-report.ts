/** How a play reads on the screen, while it goes on and when it is over. */
import { bold, dim, duration, green, padEnd, padStart, red, say, yellow } from "../terminal.ts";
import type { ScenarioResult, Progress } from "./run-scenario.ts";

/** The progress line of a scenario run. */
export function progressLine({ elapsedMs, totalMs, updatesSent, report }: Progress): string {
  const where = elapsedMs < totalMs ? `${clock(elapsedMs)} of ${clock(totalMs)}` : `${clock(elapsedMs)}, settling`;
  const waiting = report.waiting + report.never;
  return `  ${where}   ${figure(updatesSent)} updates sent   ${figure(report.once)} replies   ${figure(waiting)} waiting`;
}

const clock = (ms: number): string => {
  const seconds = Math.floor(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
};

const figure = (value: number): string => value.toLocaleString("en");

const LABEL_COLUMNS = 21;
const FIGURE_COLUMNS = 7;

/** Prints the report. Each expected reply counts in one row. */
export function printReport({ report, notTaken, tookMs }: ScenarioResult, updatesSent: number): void {
  const row = (label: string, value: number, bad: boolean, remark = ""): void => {
    const shown = padStart(figure(value), FIGURE_COLUMNS);
    say(
      `  ${padEnd(label, LABEL_COLUMNS)}${bad && value > 0 ? red(shown) : shown}${remark === "" ? "" : `  ${dim(remark)}`}`,
    );
  };
  say(`${bold("Report")} ${dim(`what the Graph API saw in ${duration(tookMs)}`)}`);
  row("updates sent", updatesSent, false);
  row("not accepted", notTaken, true, "deliveries that never got a 200");
  row("one reply", report.once, false);
  row("two replies", report.twice, true, "or another attempt after a clear response");
  row("no reply", report.never, true, "although there was time and the rate limit allowed it");
  row("waiting for limit", report.waiting, false, waitingRemark(report.waiting, report.waitingUntil));
  row("too early", report.early, true);
  row("too late", report.late, true);
  row("over the limit", report.overLimit, true, "calls that Meta refused with a rate limit error");
  row("unexpected", report.unasked, true);
  if (report.longestConversation > 0)
    row("longest conversation", report.longestConversation, false, "messages to one person");
  for (const finding of report.findings) say(`  ${yellow("·")} ${finding}`);
  say(report.passed && notTaken === 0 ? green("\nThe scenario passed.") : red("\nThe scenario failed."));
}

const waitingRemark = (waiting: number, until: number | null): string =>
  waiting === 0 || until === null
    ? ""
    : `Meta's rate limit allows the last one in ${duration(Math.max(0, until - Date.now()))}`;
