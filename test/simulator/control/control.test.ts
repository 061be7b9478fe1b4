import { describe, expect, test, vi } from "vitest";
import { SimulatorClient } from "../../../src/simulator/cli/api-clients.ts";
import { peopledWorld, reachableWorld, STUDIO } from "../world.ts";

describe("an invalid control request gets a 400 that names the problem, and changes nothing", () => {
  const requests: Record<string, [method: string, path: string, body: object, says: string]> = {
    "a misspelt setting": ["PUT", "/settings", { sped: 2 }, "unknown setting sped; known: regime, speed"],
    "a misspelt rule": ["PUT", "/settings", { rules: { humanagent: true } }, "unknown setting rules.humanagent"],
    "a rule of another type": ["PUT", "/settings", { rules: { humanAgent: "on" } }, "humanAgent must be true or false"],
    "a code that is none": [
      "PUT",
      "/settings",
      { speed: 2, rules: { secondPrivateReply: { code: null } } },
      "code must be a number",
    ],
    "a code below -1": [
      "PUT",
      "/settings",
      { rules: { secondPrivateReply: { code: -2 } } },
      "code must be a whole number of -1 or more",
    ],
    "links that are no list": ["PUT", "/settings", { rules: { refusedLinks: "x" } }, "refusedLinks must be a list"],
    "an automatic reply without a text": ["PUT", "/settings", { automaticReply: {} }, "automaticReply.text is missing"],
    "a misspelt form of own comments": [
      "PUT",
      "/settings",
      { ownComments: "none" },
      "ownComments must be one of usual",
    ],
    "no speed": ["PUT", "/settings", { regime: "messenger", speed: 0 }, "speed must be greater than 0"],
    "echoes before their message": ["PUT", "/settings", { echoes: { delayMs: -1 } }, "delayMs must be 0 or more"],
    "more than all": [
      "POST",
      "/faults",
      { on: "any", share: 3, does: { kind: "error", code: 1 } },
      "share must be from 0 to 1",
    ],
    "one and a half times": [
      "POST",
      "/faults",
      { times: 1.5, does: { kind: "delay", ms: 1 } },
      "times must be a whole",
    ],
    never: [
      "POST",
      "/faults",
      { times: 0, does: { kind: "delay", ms: 1 } },
      "times must be a whole number of 1 or more",
    ],
    "a status that there is not": [
      "POST",
      "/faults",
      { does: { kind: "error", code: 1, status: 99 } },
      "status must be a whole number from 400 to 599",
    ],
    "an error that is a success": [
      "POST",
      "/faults",
      { does: { kind: "error", code: 1, status: 204 } },
      "status must be a whole number from 400 to 599",
    ],
    "a misspelt fault": [
      "POST",
      "/faults",
      { tims: 1, does: { kind: "delay", ms: 1 } },
      "unknown field of a fault: tims",
    ],
    "an error with a wait": [
      "POST",
      "/faults",
      { does: { kind: "error", code: 1, ms: 1 } },
      "unknown field of an error fault: ms",
    ],
    "a negative wait": ["POST", "/faults", { does: { kind: "delay", ms: -5 } }, "ms must be 0 or more"],
    "a negative outage": ["PUT", "/outage", { seconds: -1 }, "seconds must be 0 or more"],
    "tokens of an unknown account": ["DELETE", "/tokens/999", {}, "unknown account 999"],
    "a subscription of an unknown account": ["PUT", "/subscriptions/999", {}, "unknown account 999"],
  };
  for (const [name, [method, path, body, says]] of Object.entries(requests)) {
    test(name, async () => {
      const world = await peopledWorld();
      const before = new Map(world.persisted);
      await expect(world.control(method, path, body)).rejects.toThrow(/: 400 /);
      await expect(world.control(method, path, body)).rejects.toThrow(says);
      expect(world.persisted).toEqual(before);
    });
  }
});

test("each fault has an id of its own, also after others are gone", async () => {
  const world = await peopledWorld();
  const order = async () =>
    (await world.control<{ id: string }>("POST", "/faults", { does: { kind: "delay", ms: 1 } })).id;
  expect([await order(), await order()]).toEqual(["fault-1", "fault-2"]);
  await world.control("DELETE", "/faults/fault-1");
  expect(await order()).toBe("fault-3");
  await world.control("DELETE", "/faults");
  expect(await order()).toBe("fault-4");
});

test("a long list comes in parts, and says that there is more", async () => {
  const world = await reachableWorld();
  const call = { at: 0, durationMs: 0, method: "GET", path: "/me", operation: "account", accountId: STUDIO };
  const rest = { commentId: null, personId: null, status: 200, code: null, mid: null, fault: null };
  for (let index = 0; index < 10_001; index += 1) world.simulator.log({ ...call, ...rest });
  const first = await world.control<{ items: { seq: number }[]; more: boolean }>("GET", "/calls");
  expect(first).toMatchObject({ more: true });
  expect(first.items).toHaveLength(10_000);
  const second = await world.control("GET", `/calls?after=${first.items.at(-1)?.seq}`);
  expect(second).toMatchObject({ items: [{ seq: 10_001 }], more: false });
  expect((await new SimulatorClient("http://meta.test").calls()).at(-1)?.seq).toBe(10_001);
  vi.unstubAllGlobals();
});

test("settings can be changed one at a time; the others stay", async () => {
  const world = await peopledWorld();
  await world.control("PUT", "/settings", { speed: 600, echoes: { delayMs: 5 } });
  await world.control("PUT", "/settings", { echoes: { mode: "lost" }, rules: { acceptUnknownComments: true } });
  expect(world.simulator.settings).toMatchObject({
    speed: 600,
    regime: "graph",
    echoes: { mode: "lost", delayMs: 5, lostShare: 0 },
    rules: { acceptUnknownComments: true, humanAgent: false },
  });
});

test("an account that subscribes again gets the fields that it had", async () => {
  const world = await peopledWorld();
  await world.graph("POST", `/v26.0/${STUDIO}/subscribed_apps?subscribed_fields=comments`, {
    token: world.studioToken,
  });
  const made = await world.control("PUT", `/subscriptions/${STUDIO}`);
  expect(made["subscribedFields"]).toEqual(["comments"]);
});
