import { exports } from "cloudflare:workers";
import { expect, it } from "vitest";
it("runs", async () => {
  expect(await (await exports.default.fetch("http://x/")).text()).toBe("ok");
});
