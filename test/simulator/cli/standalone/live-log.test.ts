import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SimulatorClient } from "../../../../src/simulator/cli/api-clients.ts";
import { liveLog } from "../../../../src/simulator/cli/standalone/live-log.ts";
import { reachableWorld, STUDIO, writeMessage, type PeopledWorld } from "../../world.ts";

let world: PeopledWorld;

beforeEach(async () => {
  world = await reachableWorld();
});
afterEach(() => vi.unstubAllGlobals());

async function watching(): Promise<() => Promise<string[]>> {
  const lines: string[] = [];
  const look = await liveLog(new SimulatorClient("http://meta.test"), (line) => lines.push(line));
  return async () => {
    await look();
    return lines.splice(0);
  };
}

test("every delivery and every call is shown once, and what was there before not at all", async () => {
  await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  const look = await watching();
  expect(await look()).toEqual([]);
  writeMessage(world, "1");
  await world.advance(0);
  await world.graph("GET", `/v26.0/${STUDIO}`, { token: world.studioToken });
  expect(await look()).toEqual([expect.stringContaining("instagram"), expect.stringContaining("account")]);
  expect(await look()).toEqual([]);
});

test("after a reset it goes on showing, however many calls and deliveries there were before", async () => {
  writeMessage(world, "1");
  for (let call = 0; call < 3; call += 1) await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  await world.advance(0);
  const look = await watching();
  await world.control("POST", "/reset");
  writeMessage(world, "2");
  await world.advance(0);
  // As many as before: their numbers alone tell nothing.
  for (let call = 0; call < 3; call += 1) await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  const lines = await look();
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain("✓");
});
