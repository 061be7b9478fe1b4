import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SimulatorClient } from "../../../../src/simulator/cli/api-clients.ts";
import { KINDS } from "../../../../src/simulator/notifications/kinds/all-kinds.ts";
import { stepsOf } from "../../../../src/simulator/cli/scenario-run/timeline-steps.ts";
import type { Bot, Step } from "../../../../src/simulator/cli/scenario-run/timeline-steps.ts";
import { RunState } from "../../../../src/simulator/cli/scenario-run/run-state.ts";
import { seededRandom } from "../../../../src/simulator/notifications/meta-ids.ts";
import { readScenario } from "../../../../src/simulator/scenario/scenario-file.ts";
import { handleRequest } from "../../../../src/simulator/http/request-router.ts";
import { peopledWorld, STUDIO } from "../../world.ts";

type Peopled = Awaited<ReturnType<typeof peopledWorld>>;

let world: Peopled;

beforeEach(async () => {
  world = await peopledWorld();
  // The client's requests end at the simulator in this process.
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => handleRequest(world.simulator, new Request(url, init)));
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

async function playAll({ steps }: { steps: Step[] }): Promise<void> {
  for (const { run } of steps) await run();
}

test("comments are spread over their time, in batches, and made faster by the speed", () => {
  const comments = { at: "10s", do: "comments", account: "studio", media: "reel", count: 250, over: "30s", batch: 100 };
  expect(runState([comments]).steps.map(({ at }) => at)).toEqual([10_000, 20_000, 30_000]);
  expect(runState([comments], 10).steps.map(({ at }) => at)).toEqual([1000, 2000, 3000]);
});

test("those who ask are remembered with the time at which the receiver took it", async () => {
  const played = runState([
    { at: "0s", do: "comments", account: "studio", media: "reel", count: 100, asking: 0.3, batch: 50 },
  ]);
  const before = world.now();
  await playAll(played);
  const { expected, notTaken } = await played.runState.expected();
  expect(played.runState.updatesSent).toBe(100);
  expect(notTaken).toBe(0);
  expect(expected.length).toBeGreaterThan(15);
  expect(expected.length).toBeLessThan(45);
  expect(new Set(expected.map(({ deliveredAt }) => deliveredAt))).toEqual(new Set([before]));
  const texts = world.posts.flatMap(({ body }) => body.match(/guide please/g) ?? []);
  expect(texts).toHaveLength(expected.length);
});

test("a call that two look for at the same time is counted once", async () => {
  const played = runState([{ at: "0s", do: "faults_end" }]);
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  await Promise.all([played.runState.fetchCalls(), played.runState.fetchCalls()]);
  expect(played.runState.calls).toHaveLength(1);
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  await played.runState.fetchCalls();
  expect(played.runState.calls).toHaveLength(2);
});

test("what was called before the play, or by another account, is none of its business", async () => {
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  const played = runState([{ at: "0s", do: "faults_end" }]);
  await played.runState.begin();
  await world.graph("GET", "/v26.0/me", { token: world.pageToken });
  await world.graph("GET", `/v26.0/${STUDIO}`, { token: world.studioToken });
  await played.runState.fetchCalls();
  expect(played.runState.calls).toEqual([expect.objectContaining({ accountId: STUDIO, path: `/${STUDIO}` })]);
});

test("a delivery that is not taken yet asks for nothing; once it is, it counts from then", async () => {
  world.receiver(() => new Response(null, { status: 503 }));
  const played = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 1 }]);
  await playAll(played);
  expect(await played.runState.expected()).toEqual({ expected: [], notTaken: 1 });
  world.receiver(() => new Response(null, { status: 200 }));
  await world.advance(10_000);
  const { expected } = await played.runState.expected();
  expect(expected).toEqual([expect.objectContaining({ deliveredAt: world.now() - 10_000 })]);
});

test("duplicates are the same delivery again, and ask once", async () => {
  const played = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 3, duplicates: 1 }]);
  await playAll(played);
  expect(world.posts).toHaveLength(6);
  expect((await played.runState.expected()).expected).toHaveLength(3);
});

test("comments that another app has answered are refused at the Graph API from the start", async () => {
  const played = runState([{ at: "0s", do: "comments", account: "studio", media: "reel", count: 1, answered: true }]);
  await playAll(played);
  const [item] = (await played.runState.expected()).expected;
  expect(item?.must).toBe("taken");
  const body = { recipient: { comment_id: item?.id }, message: { text: "x" } };
  const { status } = await world.graph("POST", `/v26.0/${STUDIO}/messages`, { token: world.studioToken, body });
  expect(status).toBe(400);
});

test("a dead token blocks the account until it is renewed, an outage everything for its time", async () => {
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const played = runState(
    [
      { at: "0s", do: "token_dies", account: "studio" },
      { at: "1s", do: "token_renewed", account: "studio" },
      { at: "2s", do: "outage", for: "2h" },
    ],
    7200,
  );
  await playAll(played);
  vi.restoreAllMocks();
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).body.error?.code).toBe(2);
  await world.advance(1000);
  expect((await world.graph("GET", "/v26.0/me", { token: world.studioToken })).status).toBe(400);
  const [token, outage] = played.runState.blocked;
  expect(token?.to).toBeLessThan(Number.POSITIVE_INFINITY);
  expect((outage?.to ?? 0) - (outage?.from ?? 0)).toBe(1000);
  expect(said.join("")).toContain("has a new access token");
});

test("what somebody has ordered before is ended, and what a play orders ends with it", async () => {
  await world.control("POST", "/faults", { does: { kind: "delay", ms: 1 } });
  await world.control("PUT", "/outage", { seconds: 60 });
  await new SimulatorClient("http://meta.test").endMisbehaviour();
  expect(world.simulator.settings).toMatchObject({ faults: [], outageUntil: null });
});

test("the same name is the same person; a human's answer is an echo that is nobody's app", async () => {
  const played = runState([
    { at: "0s", do: "messages", account: "studio", from: ["anna", "ben"] },
    { at: "1s", do: "messages", account: "studio", from: ["anna"], expect: "never" },
    { at: "2s", do: "human_writes", account: "studio", to: ["anna"] },
    { at: "3s", do: "bot_answers", account: "studio", from: ["bot"] },
  ]);
  await playAll(played);
  const { expected } = await played.runState.expected();
  expect(expected.map(({ must }) => must)).toEqual(["once", "once", "never"]);
  expect(expected[0]?.personId).toBe(expected[2]?.personId);
  expect(expected[0]?.personId).not.toBe(expected[1]?.personId);
  const echo = JSON.parse(world.posts.at(-1)?.body ?? "") as { entry: { messaging: object[] }[] };
  expect(echo.entry[0]?.messaging[0]).toMatchObject({
    recipient: { id: expected[0]?.personId },
    message: { is_echo: true },
  });
  expect(played.bots).toEqual([expect.objectContaining({ account: "studio", afterMs: 500 })]);
});

test("what docs/simulator.md shows can be read, and the commands that it names exist", () => {
  const guide = readFileSync(new URL("../../../../docs/simulator.md", import.meta.url), "utf8");
  const example = /```json\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
  expect(readScenario(example)).toMatchObject({ ok: true });
  for (const { name } of KINDS) expect(guide).toContain(`\`${name}`);
});
