import { afterEach, expect, test, vi } from "vitest";
import { peopledWorld } from "../world.ts";

afterEach(() => vi.restoreAllMocks());

test("an error in the simulator gives a Graph error as JSON, and is logged", async () => {
  const world = await peopledWorld();
  const written = vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(world.simulator, "graphNow").mockImplementation(() => {
    throw new Error("a mistake");
  });
  const { status, body } = await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  expect({ status, code: body.error?.code }).toEqual({ status: 500, code: 1 });
  expect(JSON.stringify(body)).not.toContain("a mistake");
  await expect(world.control("POST", "/clock", { advanceSeconds: 1 })).rejects.toThrow(
    "Internal error in the simulator",
  );
  expect(written).toHaveBeenCalledTimes(2);
});
