import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SimulatorClient } from "../../../../src/simulator/cli/api-clients.ts";
import { KINDS } from "../../../../src/simulator/notifications/kinds/all-kinds.ts";
import { stepsOf } from "../../../../src/simulator/cli/scenario-run/timeline-steps.ts";
import type { Bot, Step } from "../../../../src/simulator/cli/scenario-run/timeline-steps.ts";
import { RunState } from "../../../../src/simulator/cli/scenario-run/run-state.ts";
import { seededRandom } from "../../../../src/simulator/notifications/meta-ids.ts";
import { readScenario } from "../../../../src/simulator/scenario/scenario-file.ts";
import { reachableWorld, STUDIO, type PeopledWorld } from "../../world.ts";

let world: PeopledWorld;

beforeEach(async () => {
  world = await reachableWorld();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function runState(timeline: object[], speed = 1): { runState: RunState; steps: Step[]; bots: Bot[] } {
  const read = readScenario(
    JSON.stringify({
      title: "t",
      story: "s",
      accounts: [{ name: "studio", id: STUDIO, automations: [] }],
      timeline,
      expect: {},
    }),
  );
  if (!read.ok) throw new Error(read.error);
  const made = new RunState({
    scenario: read.value,
    meta: new SimulatorClient("http://meta.test"),
    replyline: null,
    random: seededRandom(4),
    speed,
  });
  const bots: Bot[] = [];
  return { runState: made, steps: stepsOf(made, bots), bots };
}

async function runSteps({ steps }: { steps: Step[] }): Promise<void> {
  for (const { run } of steps) await run();
}

test("comments are spread over their time, in batches, and made faster by the speed", () => {
  const comments = { at: "10s", do: "comments", account: "studio", media: "reel", count: 250, over: "30s", batch: 100 };
  expect(runState([comments]).steps.map(({ at }) => at)).toEqual([10_000, 20_000, 30_000]);
  expect(runState([comments], 10).steps.map(({ at }) => at)).toEqual([1000, 2000, 3000]);
});

test("comments with the keyword are recorded with the time of their accepted delivery", async () => {
  const prepared = runState([
    { at: "0s", do: "comments", account: "studio", media: "reel", count: 100, asking: 0.3, batch: 50 },
  ]);
  const before = world.now();
  await runSteps(prepared);
  const { expected, notTaken } = await prepared.runState.expected();
  expect(prepared.runState.updatesSent).toBe(100);
  expect(notTaken).toBe(0);
  expect(expected.length).toBeGreaterThan(15);
  expect(expected.length).toBeLessThan(45);
  expect(new Set(expected.map(({ deliveredAt }) => deliveredAt))).toEqual(new Set([before]));
  const texts = world.posts.flatMap(({ body }) => body.match(/guide please/g) ?? []);
  expect(texts).toHaveLength(expected.length);
});

test("a call that two callers fetch at the same time counts once", async () => {
  const prepared = runState([{ at: "0s", do: "faults_end" }]);
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  await Promise.all([prepared.runState.fetchCalls(), prepared.runState.fetchCalls()]);
  expect(prepared.runState.calls).toHaveLength(1);
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  await prepared.runState.fetchCalls();
  expect(prepared.runState.calls).toHaveLength(2);
});

test("calls before the run, or of another account, do not count", async () => {
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  const prepared = runState([{ at: "0s", do: "faults_end" }]);
  await prepared.runState.begin();
  await world.graph("GET", "/v26.0/me", { token: world.pageToken });
  await world.graph("GET", `/v26.0/${STUDIO}`, { token: world.studioToken });
  await prepared.runState.fetchCalls();
  expect(prepared.runState.calls).toEqual([expect.objectContaining({ accountId: STUDIO, path: `/${STUDIO}` })]);
});

test("a delivery expects replies only after it is accepted, and counts from then", async () => {
  world.receiver(() => new Response(null, { status: 503 }));
  const prepared = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 1 }]);
  await runSteps(prepared);
  expect(await prepared.runState.expected()).toEqual({ expected: [], notTaken: 1 });
  world.receiver(() => new Response(null, { status: 200 }));
  await world.advance(10_000);
  const { expected } = await prepared.runState.expected();
  expect(expected).toEqual([expect.objectContaining({ deliveredAt: world.now() - 10_000 })]);
});

test("duplicates are the same delivery again, and expect one reply", async () => {
  const prepared = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 3, duplicates: 1 }]);
  await runSteps(prepared);
  expect(world.posts).toHaveLength(6);
  expect((await prepared.runState.expected()).expected).toHaveLength(3);
});

test("the Graph API refuses a private reply to a comment that has one from another app", async () => {
  const prepared = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 1, answered: true }]);
  await runSteps(prepared);
  const [item] = (await prepared.runState.expected()).expected;
  expect(item?.must).toBe("taken");
  const body = { recipient: { comment_id: item?.id }, message: { text: "x" } };
  const { status } = await world.graph("POST", `/v26.0/${STUDIO}/messages`, { token: world.studioToken, body });
  expect(status).toBe(400);
});

test("a dead token blocks the account until it is renewed, and an outage blocks everything", async () => {
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const prepared = runState(
    [
      { at: "0s", do: "token_dies", account: "studio" },
      { at: "1s", do: "token_renewed", account: "studio" },
      { at: "2s", do: "outage", for: "2h" },
    ],
    7200,
  );
  await runSteps(prepared);
  vi.restoreAllMocks();
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).body.error?.code).toBe(2);
  await world.advance(1000);
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).status).toBe(400);
  const [token, outage] = prepared.runState.blocked;
  expect(token?.to).toBeLessThan(Number.POSITIVE_INFINITY);
  expect((outage?.to ?? 0) - (outage?.from ?? 0)).toBe(1000);
  expect(said.join("")).toContain("has a new access token");
});

test("earlier faults and outages are removed, and those of a run end with it", async () => {
  await world.control("POST", "/faults", { does: { kind: "delay", ms: 1 } });
  await world.control("PUT", "/outage", { seconds: 60 });
  await new SimulatorClient("http://meta.test").endMisbehavior();
  expect(world.simulator.settings).toMatchObject({ faults: [], outageUntil: null });
});

test("the same name is the same person, and a human's reply is an echo without an app", async () => {
  const prepared = runState([
    { at: "0s", do: "messages", account: "studio", from: ["anna", "ben"] },
    { at: "1s", do: "messages", account: "studio", from: ["anna"], expect: "never" },
    { at: "2s", do: "human_writes", account: "studio", to: ["anna"] },
    { at: "3s", do: "bot_answers", account: "studio", from: ["bot"] },
  ]);
  await runSteps(prepared);
  const { expected } = await prepared.runState.expected();
  expect(expected.map(({ must }) => must)).toEqual(["once", "once", "never"]);
  expect(expected[0]?.personId).toBe(expected[2]?.personId);
  expect(expected[0]?.personId).not.toBe(expected[1]?.personId);
  const echo = JSON.parse(world.posts.at(-1)?.body ?? "") as { entry: { messaging: object[] }[] };
  expect(echo.entry[0]?.messaging[0]).toMatchObject({
    recipient: { id: expected[0]?.personId },
    message: { is_echo: true },
  });
  expect(prepared.bots).toEqual([expect.objectContaining({ account: "studio", afterMs: 500 })]);
});

test("the example in docs/simulator.md is valid, and every kind is documented", () => {
  const guide = readFileSync(new URL("../../../../docs/simulator.md", import.meta.url), "utf8");
  const example = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
  expect(readScenario(example)).toMatchObject({ ok: true });
  for (const { name } of KINDS) expect(guide).toContain(`\`${name}`);
});

test("behave sets how Meta names own comments, and its instant reply", async () => {
  await runSteps(
    runState([
      { at: "0s", do: "behave", ownComments: "in-turn" },
      { at: "1s", do: "behave", automaticReply: "Thanks!" },
    ]),
  );
  const { ownComments, automaticReply } = world.simulator.settings;
  expect([ownComments, automaticReply]).toEqual(["in-turn", { text: "Thanks!", delayMs: null }]);
});
