import { describe, expect, test } from "vitest";
import { peopledWorld, STUDIO } from "../world.ts";

describe("a control request that is badly asked is answered 400, says what is wrong, and changes nothing", () => {
  const requests: Record<string, [method: string, path: string, body: object, says: string]> = {
    "a misspelt setting": ["PUT", "/settings", { sped: 2 }, "there is no setting sped; there are regime, speed"],
    "a misspelt rule": ["PUT", "/settings", { rules: { humanagent: true } }, "there is no setting rules.humanagent"],
    "a rule of another type": ["PUT", "/settings", { rules: { humanAgent: "on" } }, "humanAgent must be true or false"],
    "a code that is none": [
      "PUT",
      "/settings",
      { speed: 2, rules: { secondPrivateReply: { code: null } } },
      "code must be a number",
    ],
    "no speed": ["PUT", "/settings", { regime: "messenger", speed: 0 }, "speed must be more than 0"],
    "echoes before their message": ["PUT", "/settings", { echoes: { delayMs: -1 } }, "delayMs must not be below 0"],
    "more than all": [
      "POST",
      "/faults",
      { on: "any", share: 3, does: { kind: "error", code: 1 } },
      "share must be from 0 to 1",
    ],
    "a negative wait": ["POST", "/faults", { does: { kind: "delay", ms: -5 } }, "ms must not be below 0"],
    "a negative outage": ["PUT", "/outage", { seconds: -1 }, "seconds must not be below 0"],
    "tokens of an unknown account": ["DELETE", "/tokens/999", {}, "no account 999"],
    "a subscription of an unknown account": ["PUT", "/subscriptions/999", {}, "no account 999"],
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
