import { describe, expect, it } from "vitest";
import { type GraphResponse, readAnswer, readSendResponse } from "../../../src/meta/graph/response.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): GraphResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { kind: "answer", status, headers: new Headers(headers), body: text, truncated: false };
}

const error = (code: number, subcode?: number, more: object = {}) => ({
  error: {
    message: "no",
    type: "OAuthException",
    code,
    ...(subcode === undefined ? {} : { error_subcode: subcode }),
    ...more,
  },
});

const outcome = (given: GraphResponse, kind: "private_reply" | "public_reply" | "message" = "private_reply") =>
  readSendResponse(kind, given).outcome;

describe("a send that was accepted", () => {
  it("has the message id, and the person's id to remember", () => {
    expect(outcome(answer(200, { recipient_id: "17841", message_id: "aWdfZAG1f" }))).toEqual({
      kind: "accepted",
      messageId: "aWdfZAG1f",
      recipientId: "17841",
    });
  });

  it("keeps every digit of an id that Meta prints as a number", () => {
    expect(outcome(answer(200, '{"recipient_id":17841405822304915,"message_id":"m"}'))).toMatchObject({
      recipientId: "17841405822304915",
    });
  });

  it("is a public reply with the id of the new comment", () => {
    expect(outcome(answer(200, { id: "17870913679156914" }), "public_reply")).toEqual({
      kind: "accepted",
      messageId: "17870913679156914",
      recipientId: null,
    });
  });

  it("brings its usage along", () => {
    const given = answer(200, { message_id: "m" }, { "x-app-usage": '{"call_count":80}' });
    expect(readSendResponse("message", given).usage).toEqual({ percent: 80, regainMs: null });
  });
});

describe("a send that was certainly not made", () => {
  it.each([
    [error(10, 2534022), { kind: "refused", code: "10/2534022", reason: "outside_window" }],
    [error(10900), { kind: "refused", code: "10900", reason: "already_replied" }],
    [error(100, 2534025), { kind: "refused", code: "100/2534025", reason: "not_repliable" }],
    [error(100, 2018008), { kind: "retry", code: "100/2018008", reason: "media_unreadable", tries: 2 }],
    [error(613), { kind: "throttled", code: "613", reason: "rate_limit", scope: "kind", waitMs: null }],
    [
      error(10, 1893063),
      { kind: "throttled", code: "10/1893063", reason: "page_restricted", scope: "account", waitMs: 1_800_000 },
    ],
    [error(190, 463), { kind: "account", code: "190/463", reason: "token_expired", problem: "token" }],
    [error(200), { kind: "account", code: "200", reason: "permission_missing", problem: "permission" }],
    [error(368), { kind: "account", code: "368", reason: "blocked", problem: "blocked" }],
    [error(-1, 2534023), { kind: "refused", code: "-1/2534023", reason: "already_replied" }],
    [error(100, 2534023), { kind: "refused", code: "100/2534023", reason: "already_replied" }],
    // About one link, not about the account.
    [error(508, 2534122, { is_transient: true }), { kind: "refused", code: "508/2534122", reason: "link_refused" }],
    [error(200, 2534066), { kind: "refused", code: "200/2534066", reason: "comment_unavailable" }],
    [error(190, 2207051), { kind: "account", code: "190/2207051", reason: "spam_suspected", problem: "blocked" }],
    [error(4, 2207051), { kind: "account", code: "4/2207051", reason: "spam_suspected", problem: "blocked" }],
    [error(3), { kind: "account", code: "3", reason: "capability_missing", problem: "permission" }],
    [error(36103), { kind: "account", code: "36103", reason: "not_eligible", problem: "permission" }],
  ])("%j", (body, expected) => {
    expect(outcome(answer(400, body))).toEqual(expected);
    // The code is what counts: Meta sends some of these with 403, 429 or 500.
    expect(outcome(answer(500, body))).toEqual(expected);
  });

  it("waits as long as the usage headers say when it was too fast", () => {
    const headers = { "x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":9}]}' };
    expect(outcome(answer(403, error(80002), headers))).toMatchObject({ kind: "throttled", waitMs: 540_000 });
  });
});

describe("a send that may have been made", () => {
  it.each<[string, GraphResponse, string]>([
    ["no answer in time", { kind: "timeout" }, "timeout"],
    ["a broken connection", { kind: "network" }, "network"],
    ["Meta's unknown error", answer(500, error(1)), "1"],
    ["Meta's unknown error as a 400", answer(400, error(1, 1357046)), "1/1357046"],
    ["Meta's service down", answer(503, error(2)), "2"],
    ["a public reply created and answered with 400", answer(400, error(20, 1772107)), "20/1772107"],
    ["an unknown code", answer(400, error(424242, 7)), "424242/7"],
    ["such a code, said to be passing", answer(400, error(424242, 7, { is_transient: true })), "424242/7"],
    ["a 5xx that is not Meta's", answer(502, "<html>Bad gateway</html>"), "http_502"],
    ["a 4xx that is not Meta's", answer(400, "nope"), "http_400"],
    ["a 429 that is not Meta's", answer(429, ""), "http_429"],
    ["a redirect", answer(302, ""), "http_302"],
    ["a redirect with an error in it", answer(302, error(190)), "http_302"],
    ["a 200 without a message id", answer(200, {}), "http_200"],
    ["a 200 with an empty message id", answer(200, { message_id: "" }), "http_200"],
    ["a 200 that is no JSON", answer(200, "ok"), "http_200"],
    ["a 200 that is a list", answer(200, "[]"), "http_200"],
    ["a comment's id for a message", answer(200, { id: "1" }), "http_200"],
    ["an error without a code", answer(400, { error: { message: "no" } }), "http_400"],
  ])("%s", (_, given, code) => {
    expect(outcome(given)).toMatchObject({ kind: "ambiguous", code });
  });

  it("a message's id is no proof of a public reply", () => {
    expect(outcome(answer(200, { message_id: "m" }), "public_reply")).toMatchObject({ kind: "ambiguous" });
  });

  it("an answer too long to be read to its end", () => {
    const given: GraphResponse = { kind: "answer", status: 200, headers: new Headers(), body: "", truncated: true };
    expect(outcome(given)).toMatchObject({ kind: "ambiguous", code: "http_200" });
  });

  it("says which codes are worth a line in the log", () => {
    expect(outcome(answer(400, error(424242)))).toMatchObject({ reason: "unknown_code" });
    expect(outcome(answer(400, error(10, 999999)))).toMatchObject({ kind: "ambiguous", reason: "unknown_code" });
    expect(outcome(answer(500, error(1)))).toMatchObject({ reason: "meta_unknown_error" });
  });

  it("repeats nothing of Meta's text, which may repeat the request", () => {
    const body = { error: { message: "Token EAAB123 is bad", code: 424242 } };
    expect(JSON.stringify(readSendResponse("message", answer(400, body)))).not.toContain("EAAB123");
  });
});

describe("a private reply that Meta used up", () => {
  it("is in doubt, and another try is useless", () => {
    expect(outcome(answer(500, error(2, 1545133)))).toEqual({
      kind: "ambiguous",
      code: "2/1545133",
      reason: "reply_used_up",
      final: true,
    });
  });

  it.each(["message", "public_reply"] as const)("says nothing more about a %s than the code alone", (kind) => {
    expect(outcome(answer(500, error(2, 1545133)), kind)).toEqual({
      kind: "ambiguous",
      code: "2/1545133",
      reason: "meta_unavailable",
    });
  });
});

describe("a permission that is missing", () => {
  it("for public comments refuses the comment, and holds nothing else of the account", () => {
    expect(outcome(answer(403, error(10)), "public_reply")).toMatchObject({ kind: "refused", code: "10" });
    expect(outcome(answer(403, error(10)), "message")).toMatchObject({ kind: "account", problem: "permission" });
    expect(outcome(answer(400, error(3)), "public_reply")).toMatchObject({ kind: "refused", code: "3" });
    expect(outcome(answer(400, error(190)), "public_reply")).toMatchObject({ kind: "account", problem: "token" });
  });
});

describe("a throttle", () => {
  it("says whether it is of this kind of call or of all that the account sends", () => {
    expect(outcome(answer(400, error(613)))).toMatchObject({ kind: "throttled", scope: "kind" });
    for (const code of [4, 17, 32, 341, 80001, 80002, 80006]) {
      expect(outcome(answer(400, error(code)))).toMatchObject({ kind: "throttled", scope: "account" });
    }
  });
});

describe("a call that only asks", () => {
  it("gives the body", () => {
    expect(readAnswer(answer(200, { id: "1" }))).toEqual({ ok: true, value: { id: "1" } });
  });

  it.each<[GraphResponse, object]>([
    [{ kind: "timeout" }, { reason: "unavailable", code: "timeout" }],
    [{ kind: "network" }, { reason: "unavailable", code: "network" }],
    [answer(400, error(100, 33)), { reason: "not_found", code: "100/33" }],
    [answer(404, ""), { reason: "not_found", code: "http_404" }],
    [answer(400, error(190)), { reason: "account", code: "190", problem: "token" }],
    [answer(400, error(4)), { reason: "throttled", code: "4", waitMs: null }],
    [answer(400, error(100)), { reason: "refused", code: "100" }],
    [answer(500, error(2)), { reason: "unavailable", code: "2" }],
    [answer(400, error(2500)), { reason: "refused", code: "2500" }],
    [answer(400, error(80004)), { reason: "unavailable", code: "80004" }],
    [answer(400, error(424242)), { reason: "refused", code: "424242" }],
    [answer(400, error(424242, 7, { is_transient: true })), { reason: "unavailable", code: "424242/7" }],
    [answer(200, "[1]"), { reason: "unavailable", code: "http_200" }],
    [answer(302, ""), { reason: "unavailable", code: "http_302" }],
  ])("says why it failed: %j", (given, problem) => {
    expect(readAnswer(given)).toEqual({ ok: false, error: problem });
  });
});
