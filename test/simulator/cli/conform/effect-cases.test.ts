import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SimulatorClient } from "../../../../src/simulator/cli/api-clients.ts";
import type { Finding } from "../../../../src/simulator/cli/conform/conform-case.ts";
import { tryEffects } from "../../../../src/simulator/cli/conform/effect-cases.ts";
import { run } from "../../../../src/simulator/cli/program.ts";
import { handleRequest } from "../../../../src/simulator/http/request-router.ts";
import { seededRandom } from "../../../../src/simulator/notifications/meta-ids.ts";
import { TEST_BUTTON_COMMENT } from "../../../../src/simulator/notifications/irregular-notifications.ts";
import { CALLBACK, reachableWorld, STUDIO, type PeopledWorld } from "../../world.ts";

/** What a receiver of comments and messages may do wrong, one at a time. */
type Mistake =
  | "answers twice"
  | "answers itself"
  | "answers its name"
  | "answers its other id"
  | "takes every scoped id for its own"
  | "answers the first of a batch"
  | "answers the test"
  | "heeds no standby"
  | "checks no signature";

const ONCE = "a comment that is delivered six times gets one reply";
const BATCH = "every comment of a batch gets a reply";
const OWN = "the account's own comment gets no reply";
const OWN_NAME = `${OWN}: username-only`;
const OWN_OTHER_ID = `${OWN}: app-scoped-id`;
const SAMPLED = "a person's comment with self_ig_scoped_id gets a reply";
const FORGED = "a forged comment gets no reply";
const TEST = "the Test button's comment gets no reply";
const THREAD = "a thread of another app gets no reply";

let world: PeopledWorld;

beforeEach(async () => {
  world = await reachableWorld();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

interface Entry {
  id: string;
  changes?: { value: { id: string; text: string; from?: Author } }[];
  messaging?: Written[];
  standby?: Written[];
}
interface Author {
  id?: string;
  username: string;
  self_ig_scoped_id?: string;
}
interface Written {
  sender: { id: string };
  message: { text: string };
}

/** What a receiver can know of its own account. */
function isOwn(accountId: string, author: Author | undefined, mistake: Mistake | undefined): boolean {
  const known = world.simulator.graph.accounts.get(accountId);
  if (mistake === "takes every scoped id for its own" && author?.self_ig_scoped_id !== undefined) return true;
  if (author === undefined || known === undefined) return false;
  if (author.id === accountId) return true;
  if (author.id === undefined) return mistake !== "answers its name" && author.username === known.username;
  return mistake !== "answers its other id" && author.id === known.appScopedId;
}

/** A receiver that replies to the keyword in comments, and optionally in messages. */
function receive(options: { mistake?: Mistake; messages?: boolean } = {}): void {
  const { mistake, messages = true } = options;
  const seen = new Set<string>();
  const send = (recipient: object): Promise<unknown> =>
    world.graph("POST", `/v26.0/${STUDIO}/messages`, {
      token: world.studioToken,
      body: { recipient, message: { text: "Here it is" } },
    });
  world.receiver(async ({ body, headers }) => {
    const signature = `sha256=${createHmac("sha256", "test_app_secret_not_real").update(body).digest("hex")}`;
    const forged = headers.get("x-hub-signature-256") !== signature && mistake !== "checks no signature";
    const { entry } = JSON.parse(body) as { entry: Entry[] };
    for (const { id: account, changes = [], messaging = [], standby = [] } of entry) {
      const heard = mistake === "answers the first of a batch" ? changes.slice(0, 1) : changes;
      for (const { value } of forged ? [] : heard) {
        if (seen.has(value.id) && mistake !== "answers twice") continue;
        seen.add(value.id);
        const own = mistake !== "answers itself" && isOwn(account, value.from, mistake);
        const asks = value.text.includes("guide") || (mistake === "answers the test" && account === "0");
        if (asks && !own) await send({ comment_id: value.id });
      }
      for (const { sender } of [...messaging, ...(mistake === "heeds no standby" ? standby : [])]) {
        if (messages && sender.id !== account) await send({ id: sender.id });
      }
    }
    return new Response("ok");
  });
}

async function outcomes(seed = 5): Promise<Record<string, Finding["outcome"]>> {
  const results = await tryEffects(new SimulatorClient("http://meta.test"), {
    accountId: STUDIO,
    keyword: "guide",
    waitMs: 1000,
    random: seededRandom(seed),
    now: () => world.now(),
    sleep: (ms) => world.advance(ms),
  });
  return Object.fromEntries(results.map(({ title, finding }) => [title, finding.outcome]));
}

const TITLES = [ONCE, BATCH, OWN, OWN_NAME, OWN_OTHER_ID, SAMPLED, FORGED, TEST, THREAD];
const ALL = Object.fromEntries(TITLES.map((title) => [title, "pass"]));

test("a receiver with exactly the expected replies passes", async () => {
  receive();
  expect(await outcomes()).toEqual(ALL);
});

describe("a mistake is noticed", () => {
  const mistakes: Record<Mistake, string | readonly string[]> = {
    "answers twice": ONCE,
    "answers itself": [OWN, OWN_NAME, OWN_OTHER_ID],
    "answers its name": OWN_NAME,
    "answers its other id": OWN_OTHER_ID,
    "takes every scoped id for its own": SAMPLED,
    "answers the first of a batch": BATCH,
    "answers the test": TEST,
    "heeds no standby": THREAD,
    "checks no signature": FORGED,
  };
  for (const [mistake, titles] of Object.entries(mistakes)) {
    test(mistake, async () => {
      receive({ mistake: mistake as Mistake });
      const failed = Object.fromEntries([titles].flat().map((title) => [title, "fail"]));
      expect(await outcomes()).toEqual({ ...ALL, ...failed });
    });
  }

  test("also where 10,000 calls and more have come before", async () => {
    const call = { at: 0, durationMs: 0, method: "GET", path: "/me", operation: "account", accountId: STUDIO };
    const rest = { commentId: null, personId: null, status: 200, code: null, mid: null, fault: null };
    for (let index = 0; index < 10_001; index += 1) world.simulator.log({ ...call, ...rest });
    receive({ mistake: "answers its name" });
    expect(await outcomes()).toEqual({ ...ALL, [OWN_NAME]: "fail" });
  });
});

test("what happened in a run before does not count", async () => {
  receive({ mistake: "answers twice" });
  await outcomes(1);
  await world.graph("POST", `/v26.0/${STUDIO}/messages`, {
    token: world.studioToken,
    body: { recipient: { comment_id: TEST_BUTTON_COMMENT }, message: { text: "x" } },
  });
  receive();
  expect(await outcomes(2)).toEqual(ALL);
});

test("the case about another app's thread is skipped if no automation replies to messages", async () => {
  receive({ messages: false });
  expect(await outcomes()).toEqual({ ...ALL, [THREAD]: "skip" });
});

test("a simulator that delivers elsewhere is named", async () => {
  const said: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const conform = (url: string): Promise<number> =>
    run(
      ["conform", url, "--secret", "s", "--verify-token", "t", "--only", "effects"].concat([
        "--meta",
        "http://meta.test",
        "--account",
        STUDIO,
        "--wait",
        "0",
      ]),
    );
  await conform(CALLBACK);
  expect(said.splice(0).join("")).not.toContain("delivers to");
  await conform("https://other.test/webhooks");
  vi.restoreAllMocks();
  expect(said.join("")).toContain(`The simulator delivers to ${CALLBACK}`);
});

test("the other groups leave the connected account alone: what they tell of it could silence it", async () => {
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const bodies: string[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    if (url.startsWith("http://meta.test")) return handleRequest(world.simulator, new Request(url, init));
    bodies.push(Buffer.from((init.body ?? "") as Uint8Array).toString("utf8"));
    return Promise.resolve(new Response("ok"));
  });
  const options = ["--secret", "s", "--verify-token", "t", "--meta", "http://meta.test", "--account", STUDIO];
  await run(["conform", CALLBACK, ...options, "--only", "body"]);
  vi.restoreAllMocks();
  expect(bodies.length).toBeGreaterThan(50);
  expect(bodies.filter((body) => body.includes(STUDIO))).toEqual([]);
});

test("an attempt to reply to the Test button's comment shows, for every account", async () => {
  await world.graph("POST", "/v26.0/0/messages", {
    token: world.studioToken,
    body: { recipient: { comment_id: TEST_BUTTON_COMMENT }, message: { text: "x" } },
  });
  expect(await new SimulatorClient("http://meta.test").calls()).toEqual([
    expect.objectContaining({ operation: "private_reply", commentId: TEST_BUTTON_COMMENT, status: 400 }),
  ]);
});
