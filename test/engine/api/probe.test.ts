import { describe, expect, it, vi } from "vitest";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import type { ProbeError } from "../../../src/engine/account/contract.ts";
import { ACCOUNT_ID, badFields, call, fakeEnv, refusal } from "./fakes.ts";

const PATH = `/api/accounts/${ACCOUNT_ID}/probe`;

const answering = (result: Awaited<ReturnType<AccountRpc["probe"]>>) => vi.fn<AccountRpc["probe"]>(async () => result);

describe("POST /api/accounts/:id/probe", () => {
  it.each([
    { do: "repeat_private_reply", replyId: "r_1" },
    { do: "public_reply", replyId: "r_1", text: "hello" },
    { do: "remove_public_reply", replyId: "r_1" },
  ] as const)("passes $do to the account", async (body) => {
    const value = { outcome: "refused", code: "2534023", replyId: "r_1", messageId: null } as const;
    const probe = answering({ ok: true, value });
    const response = await call(fakeEnv({ account: { probe } }), `POST ${PATH}`, { body });
    expect([response.status, await response.json()]).toEqual([200, value]);
    expect(probe).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, body);
  });

  it.each<[unknown, string]>([
    [{ do: "anything", replyId: "r_1" }, "do"],
    [{ replyId: "r_1" }, "do"],
    [{ do: "repeat_private_reply" }, "replyId"],
    [{ do: "repeat_private_reply", replyId: "r_1", text: "hello" }, "text"],
    [{ do: "public_reply", replyId: "r_1" }, "text"],
    [{ do: "public_reply", replyId: "r_1", text: "" }, "text"],
    [{ do: "remove_public_reply", replyId: 1 }, "replyId"],
  ])("refuses %j", async (body, field) => {
    expect(await badFields(await call(fakeEnv(), `POST ${PATH}`, { body }))).toEqual([field]);
  });

  it.each<[ProbeError, number]>([
    [{ reason: "not_found" }, 404],
    [{ reason: "not_connected" }, 409],
    [{ reason: "not_sent", kind: "private_reply", state: "uncertain" }, 409],
    [{ reason: "sending_off" }, 409],
  ])("returns the account's reason %j", async (error, status) => {
    const env = fakeEnv({ account: { probe: answering({ ok: false, error }) } });
    const body = { do: "repeat_private_reply", replyId: "r_1" };
    expect(await refusal(await call(env, `POST ${PATH}`, { body }))).toMatchObject({ status, code: error.reason });
  });
});
