import { afterEach, expect, test, vi } from "vitest";
import { peopledWorld } from "../world.ts";

afterEach(() => vi.restoreAllMocks());

test("a mistake of the simulator's own is answered as Graph JSON, and written down for who runs it", async () => {
  const world = await peopledWorld();
  const written = vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(world.simulator, "graphNow").mockImplementation(() => {
    throw new Error("a mistake");
  });
  const { status, body } = await world.graph("GET", "/v26.0/me", { token: world.studioToken });
  expect({ status, code: body.error?.code }).toEqual({ status: 500, code: 1 });
  expect(JSON.stringify(body)).not.toContain("a mistake");
  await expect(world.control("POST", "/clock", { advanceSeconds: 1 })).rejects.toThrow(
    "the simulator itself has failed",
  );
  expect(written).toHaveBeenCalledTimes(2);
});
