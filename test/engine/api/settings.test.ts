import { describe, expect, it, vi } from "vitest";
import { DEFAULT_SETTINGS, mergeSettings, type Settings } from "../../../src/core/settings.ts";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import { ACCOUNT_ID, badFields, call, fakeEnv } from "./fakes.ts";

const PATH = `/api/accounts/${ACCOUNT_ID}/settings`;

function settingsEnv(current: Settings = DEFAULT_SETTINGS) {
  const changeSettings = vi.fn<AccountRpc["changeSettings"]>(async (_id, part) => mergeSettings(current, part));
  return { env: fakeEnv({ account: { settings: async () => current, changeSettings } }), changeSettings };
}

describe("the settings of an account", () => {
  it("are returned with defaults", async () => {
    const response = await call(settingsEnv().env, `GET ${PATH}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(DEFAULT_SETTINGS);
  });

  it("accept any part, and keep the rest", async () => {
    const current: Settings = {
      ...DEFAULT_SETTINGS,
      deferSeconds: 33,
      pacing: { ...DEFAULT_SETTINGS.pacing, privateRepliesPerHour: 400 },
      takeover: { ...DEFAULT_SETTINGS.takeover, enabled: false, holdMinutes: 5 },
    };
    const { env, changeSettings } = settingsEnv(current);
    const body = { sending: "paused", pacing: { messagesPerSecond: 20 }, takeover: { enabled: true } };
    const response = await call(env, `PUT ${PATH}`, { body });
    const expected = {
      ...current,
      sending: "paused",
      pacing: { ...current.pacing, messagesPerSecond: 20 },
      takeover: { ...DEFAULT_SETTINGS.takeover, enabled: true, holdMinutes: 5 },
    };
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(expected);
    expect(changeSettings).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, body);
  });

  it("accept the returned settings unchanged", async () => {
    const { env, changeSettings } = settingsEnv();
    expect((await call(env, `PUT ${PATH}`, { body: DEFAULT_SETTINGS })).status).toBe(200);
    expect(changeSettings).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, DEFAULT_SETTINGS);
  });

  it.each<[unknown, string]>([
    [{ retentionDays: 7 }, "retentionDays"],
    [{ retentionDays: 366 }, "retentionDays"],
    [{ deferSeconds: -1 }, "deferSeconds"],
    [{ deferSeconds: 86_401 }, "deferSeconds"],
    [{ deferSeconds: 1.5 }, "deferSeconds"],
    [{ deferSeconds: null }, "deferSeconds"],
    [{ sending: "off" }, "sending"],
    [{ pacing: { privateRepliesPerHour: 751 } }, "pacing.privateRepliesPerHour"],
    [{ pacing: { privateRepliesPerHour: 0 } }, "pacing.privateRepliesPerHour"],
    [{ pacing: { privateReplyBurst: 751 } }, "pacing.privateReplyBurst"],
    [{ pacing: { messagesPerSecond: 101 } }, "pacing.messagesPerSecond"],
    [{ pacing: { mediaPerSecond: 11 } }, "pacing.mediaPerSecond"],
    [{ pacing: { publicRepliesPerMinute: 0 } }, "pacing.publicRepliesPerMinute"],
    [{ pacing: { perHour: 5 } }, "pacing.perHour"],
    [{ pacing: {} }, "pacing"],
    [{ pacing: [] }, "pacing"],
    [{ takeover: { holdMinutes: 0 } }, "takeover.holdMinutes"],
    [{ takeover: true }, "takeover"],
    [{ reconcile: { everyMinutes: 4 } }, "reconcile.everyMinutes"],
    [{ conversationRepliesPerHour: 0 }, "conversationRepliesPerHour"],
    [{ uncertainMessages: "resend" }, "uncertainMessages"],
    [{ recheckComments: "yes" }, "recheckComments"],
    [{ retention: 30 }, "retention"],
    [{}, "body"],
    [[], "body"],
  ])("refuse %j", async (body, field) => {
    const { env, changeSettings } = settingsEnv();
    expect(await badFields(await call(env, `PUT ${PATH}`, { body }))).toEqual([field]);
    expect(changeSettings).not.toHaveBeenCalled();
  });

  it.each([
    { retentionDays: 8 },
    { retentionDays: 365 },
    { deferSeconds: 0 },
    { deferSeconds: 86_400 },
    { pacing: { privateRepliesPerHour: 750, messagesPerSecond: 100, mediaPerSecond: 10 } },
    { pacing: { privateRepliesPerHour: 1, messagesPerSecond: 1, mediaPerSecond: 1, publicRepliesPerMinute: 1 } },
    { sending: "dry_run" },
    { uncertainMessages: "retry" },
  ])("accept %j", async (body) => {
    expect((await call(settingsEnv().env, `PUT ${PATH}`, { body })).status).toBe(200);
  });
});
