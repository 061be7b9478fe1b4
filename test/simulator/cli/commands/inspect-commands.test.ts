import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { run } from "../../../../src/simulator/cli/program.ts";
import { describeSince } from "../../../../src/simulator/cli/send/send-deliveries.ts";
import type { ShownDelivery } from "../../../../src/simulator/control/control-deliveries.ts";
import { reachableWorld, STUDIO, writeMessage, type PeopledWorld } from "../../world.ts";

let world: PeopledWorld;

beforeEach(async () => {
  world = await reachableWorld();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Lines that a command line writes. */
async function lines(...argv: string[]): Promise<string[]> {
  let out = "";
  const write = (text: unknown): boolean => {
    out += String(text);
    return true;
  };
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, "write").mockImplementation(write));
  await run([...argv, "--meta", "http://meta.test"]);
  for (const spy of spies) spy.mockRestore();
  return out.trimEnd().split("\n");
}

test("the log shows every attempt in order, and when the next one is", async () => {
  const statuses = [503, 500];
  world.receiver(() => new Response(null, { status: statuses.shift() ?? 200 }));
  writeMessageThatIsRetried();
  await world.advance(0);
  const [head, ...attempts] = await lines("log");
  expect(head).toContain("500 in 0 ms, attempt 2");
  expect(attempts).toEqual([
    expect.stringMatching(/^ +1 {2}2026-11-20 09:00:00\.000Z {2}503 in 0 ms$/),
    expect.stringMatching(/^ +2 {2}2026-11-20 09:00:00\.000Z {2}500 in 0 ms$/),
    expect.stringMatching(/^ +next 2026-11-20 09:00:10\.000Z$/),
  ]);
});

function writeMessageThatIsRetried(): void {
  world.simulator.deliver(JSON.stringify({ object: "instagram", entry: [{ id: STUDIO, time: 1, messaging: [] }] }));
}

test("what is followed shows every attempt, also those that came between two looks, and the end", async () => {
  world.receiver(() => new Response(null, { status: 500 }));
  writeMessageThatIsRetried();
  await world.advance(0);
  const [waiting] = await delivered();
  expect(describeSince(waiting, 0)).toEqual([
    expect.stringMatching(/^✗ .* 500 in 0 ms$/),
    expect.stringMatching(/^✗ .* 500 in 0 ms, attempt 2$/),
  ]);
  expect(describeSince(waiting, 2)).toEqual([]);
  await world.advance(36 * 3600 * 1000);
  const [over] = await delivered();
  expect(describeSince(over, 14)).toEqual([
    expect.stringMatching(/, attempt 15$/),
    expect.stringMatching(/, attempt 16, given up$/),
  ]);
});

const delivered = async (): Promise<[ShownDelivery]> => {
  const { items } = await world.control<{ items: [ShownDelivery] }>("GET", "/deliveries");
  return items;
};

test("--limit shows so many of the newest, and says how many there are", async () => {
  for (const person of ["1", "2", "3"]) writeMessage(world, person);
  await world.advance(0);
  expect(await lines("log", "--limit", "2")).toEqual([
    expect.stringContaining("✓"),
    expect.stringContaining("✓"),
    "Showing the newest 2 of 3. Use --limit to show more.",
  ]);
  expect(await lines("log", "--limit", "0")).toEqual(["Showing the newest 0 of 3. Use --limit to show more."]);
});

test("calls shows so many of the newest, and says how many there are", async () => {
  for (const id of ["me", STUDIO, "12345"]) await world.graph("GET", `/v26.0/${id}`, { token: world.studioToken });
  const [head, first, second, ...rest] = await lines("calls", "--limit", "2");
  expect(head).toMatch(/^time +call +account +about +response +fault$/);
  expect(first).toContain("200");
  expect(second).toContain("400 100/33");
  expect(rest).toEqual(["Showing the newest 2 of 3. Use --limit to show more."]);
});

test("what receivers send stays on its line and does nothing to the terminal", async () => {
  writeMessage(world, "1");
  const message = { text: "one\ntwo \u001b[31mred\u202e" };
  const body = { recipient: { id: "1" }, message };
  await world.graph("POST", `/v26.0/${STUDIO}/messages`, { token: world.studioToken, body });
  const [, row, ...rest] = await lines("sent");
  expect(row).toMatch(/one\\ntwo \\u001b\[31mred\\u202e$/);
  expect(rest).toEqual([]);
});

test("without an accepted delivery there are no response times", async () => {
  world.receiver(() => new Response(null, { status: 500 }));
  const said = (await lines("seen", "--count", "2")).join("\n");
  expect(said).toContain("0 deliveries with 0 updates");
  expect(said).not.toContain("median");
});

test("each delivery has its line as it ends, also where all together take long", async () => {
  const said: string[] = [];
  let answered = 0;
  world.receiver(async () => {
    answered += 1;
    // The second one waits until the first has its line.
    if (answered === 2) await vi.waitFor(() => expect(said.join("")).toContain("✓"), { timeout: 5000 });
    return new Response(null);
  });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
  const status = await run(["seen", "--count", "2", "--rate", "50", "--meta", "http://meta.test"]);
  expect(status).toBe(0);
});

test("a delivery without an attempt is not a failure", async () => {
  world.simulator.deliver(JSON.stringify({ object: "instagram", entry: [] }), { delayMs: 3000 });
  const [head] = await lines("log");
  expect(head).toContain("waiting");
  expect(head).not.toMatch(/[✓✗]/);
});

test("status names all that is not as at Meta: speed, faults, an outage, a clock that is ahead, webhooks that are off", async () => {
  expect((await lines("status")).join("\n")).not.toMatch(/Faults|Outage|Clock|times faster/);
  await lines("behave", "--regime", "messenger", "--speed", "60", "--second-reply", "10900");
  await lines("fault", "--on", "message", "--code", "1", "--subcode", "1357046", "--after", "--times", "1");
  await lines("clock", "7200");
  world.receiver(() => new Response(null, { status: 500 }));
  writeMessageThatIsRetried();
  await world.advance(61_000);
  await world.control("PUT", "/outage", { seconds: 10_000_000_000 });
  const status = (await lines("status")).join("\n");
  expect(status).toContain("webhooks are off");
  expect(status).toMatch(/^Retries +for an hour.*60 times faster$/m);
  expect(status).toContain("a second private reply: 10900;");
  expect(status).toMatch(/^Faults +fault-1: message returns 1\/1357046, after the call is carried out, once$/m);
  expect(status).toMatch(/^Clock +2\.0 h ahead$/m);
  expect(status).toMatch(/^Outage +Meta is down/m);
});

test("negative codes are accepted: as a fault, and as the error of a second private reply", async () => {
  const [fault] = await lines("fault", "--on", "private_reply", "--code", "-1", "--subcode", "2534023");
  expect(fault).toContain("private_reply returns -1/2534023");
  expect(world.simulator.settings.faults[0]?.does).toMatchObject({ kind: "error", code: -1, subcode: 2534023 });
  const behavior = (await lines("behave", "--second-reply", "-1/2534023")).join("\n");
  expect(behavior).toContain("a second private reply: -1/2534023;");
  expect((await lines("behave", "--second-reply", "meta")).join("\n")).toContain("a second private reply: as Meta;");
  expect(world.simulator.settings.rules.secondPrivateReply).toBeNull();
});

test("behave sets each rule, status names it, and turning it off takes the line away", async () => {
  const special = /\bown comments|automatic reply|App Secret|refused links|after a tap|after a public reply/;
  expect((await lines("status")).join("\n")).not.toMatch(special);
  await lines("behave", "--own-comments", "in-turn", "--automatic-reply", "Thanks!", "--automatic-delay", "1500");
  await lines("behave", "--refused-link", "bad.example", "--refused-link", "worse.example");
  await lines("behave", "--after-tap", "20", "--after-tap-error", "230", "--public-reply-blocks", "1500");
  await lines("behave", "--require-app-secret", "on");
  const { automaticReply, ownComments, rules } = world.simulator.settings;
  expect([ownComments, automaticReply]).toEqual(["in-turn", { text: "Thanks!", delayMs: 1500 }]);
  expect(rules).toMatchObject({
    requireAppSecret: true,
    refusedLinks: ["bad.example", "worse.example"],
    afterTap: { ms: 20_000, error: { code: 230, subcode: null } },
    publicReplyBlocksMs: 1500,
  });
  const status = (await lines("status")).join("\n");
  for (const line of [
    "own comments: in-turn",
    'an automatic reply to every message: "Thanks!"',
    "Require App Secret: on",
    "refused links: bad.example, worse.example",
    "for 20.0 s after a tap: 230",
    "no private reply for 1.5 s after a public reply",
  ]) {
    expect(status).toContain(line);
  }
  await lines("behave", "--own-comments", "usual", "--automatic-reply", "off", "--refused-link", "off");
  await lines("behave", "--after-tap", "0", "--public-reply-blocks", "0", "--require-app-secret", "off");
  expect((await lines("status")).join("\n")).not.toMatch(special);
});

test("an account can have its own form of own comments", async () => {
  await lines("account", STUDIO, "--own-comments", "app-scoped-id");
  expect(world.simulator.graph.accounts.get(STUDIO)?.ownComments).toBe("app-scoped-id");
});

test("webhooks that went off are switched on again by `subscribe`", async () => {
  await world.control("PUT", "/settings", { regime: "messenger", speed: 60 });
  world.receiver(() => new Response(null, { status: 500 }));
  writeMessageThatIsRetried();
  await world.advance(61_000);
  world.receiver(() => new Response(null, { status: 200 }));
  expect((await lines("seen", "--account", STUDIO)).at(-1)).toContain(
    "turn webhooks on again with `subscribe <account-id>`",
  );
  expect((await lines("subscribe", STUDIO))[0]).toContain("is subscribed to 16 fields");
  expect((await lines("seen", "--account", STUDIO)).at(-1)).toMatch(/^✓ seen/);
});

test("the retry policy and speed of a running simulator are its own", async () => {
  const said = (await lines("seen", "--speed", "60")).join("\n");
  expect(said).toContain("--speed works with --to only");
  expect(said).toContain("behave --speed 60");
  expect(world.posts).toEqual([]);
});

test("a secret that the simulator does not have is called a forgery", async () => {
  expect((await lines("seen", "--secret", "nobody's")).at(-1)).toContain("Forgery");
  expect((await lines("seen", "--secret", "meta")).join("\n")).not.toContain("Forgery");
});
