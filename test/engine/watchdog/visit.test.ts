import { describe, expect, it } from "vitest";
import { visitAccounts, type WatchdogPorts } from "../../../src/engine/watchdog/visit.ts";

const accounts = (...ids: string[]) => {
  const visited: [string, number][] = [];
  const logged: string[] = [];
  const ports: WatchdogPorts = {
    toVisit: async () => ids,
    wake: async (id) => {
      if (id === "away") throw new Error("overloaded");
      return { open: 1, generation: 7 };
    },
    visited: async (id, { open }) => void visited.push([id, open]),
    redrive: async () => ({ redriven: 0 }),
    log: (event, fields) => void logged.push(`${event} ${fields?.accountId ?? ""}`.trim()),
  };
  return { ports, visited, logged };
};

describe("the watchdog", () => {
  it("visits every account that the Directory returns", async () => {
    const { ports, visited } = accounts(...Array.from({ length: 25 }, (_, index) => `a${index}`));
    await visitAccounts(ports);
    expect(visited).toHaveLength(25);
  });

  it("continues when one account is unreachable, and does not report it as visited", async () => {
    const { ports, visited, logged } = accounts("a", "away", "b");
    await visitAccounts(ports);
    expect(visited.map(([id]) => id).sort()).toEqual(["a", "b"]);
    expect(logged).toContain("watchdog_failed away");
  });

  it("does not throw when the Directory is unreachable", async () => {
    const { ports, logged } = accounts();
    ports.toVisit = () => Promise.reject(new Error("away"));
    await visitAccounts(ports);
    expect(logged).toEqual(["watchdog_failed"]);
  });
});
