import { describe, expect, it } from "vitest";
import { readUsage } from "../../../src/meta/graph/usage.ts";

const usage = (headers: Record<string, string>) => readUsage(new Headers(headers));
const business = (value: unknown) => usage({ "X-Business-Use-Case-Usage": JSON.stringify(value) });

describe("usage headers", () => {
  it("gives the fullest meter of X-App-Usage", () => {
    expect(usage({ "X-App-Usage": '{"call_count":28,"total_time":31,"total_cputime":25}' })).toEqual({
      percent: 31,
      regainMs: null,
    });
  });

  it("gives the fullest of all accounts, and turns minutes into ms", () => {
    const value = {
      "17841400000000000": [
        { type: "instagram", call_count: 41, total_cputime: 12, total_time: 15, estimated_time_to_regain_access: 0 },
        { type: "messenger", call_count: 99, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 7 },
      ],
      "2": [{ type: "pages", call_count: 1, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 2 }],
    };
    expect(business(value)).toEqual({ percent: 99, regainMs: 7 * 60_000 });
  });

  it("takes both headers together", () => {
    const headers = {
      "x-app-usage": '{"call_count":95}',
      "x-business-use-case-usage": '{"1":[{"call_count":10,"estimated_time_to_regain_access":3}]}',
    };
    expect(usage(headers)).toEqual({ percent: 95, regainMs: 180_000 });
  });

  it("takes a Page's own header", () => {
    expect(usage({ "x-page-usage": '{"call_count":88,"total_time":2}', "x-app-usage": '{"call_count":3}' })).toEqual({
      percent: 88,
      regainMs: null,
    });
  });

  it("takes numbers in quotes", () => {
    expect(business({ "1": [{ call_count: "60", estimated_time_to_regain_access: "1" }] })).toEqual({
      percent: 60,
      regainMs: 60_000,
    });
  });

  it.each(["", "nonsense", "[]", "null", "3", '{"1":null}', '{"1":{}}', '{"1":[null,1,{}]}', '{"call_count":-1}'])(
    "passes over a header that says nothing: %j",
    (value) => {
      expect(usage({ "x-app-usage": value, "x-business-use-case-usage": value })).toBeNull();
    },
  );

  it("is null without headers", () => {
    expect(usage({})).toBeNull();
  });

  it("reads the header that is whole when the other is broken", () => {
    expect(usage({ "x-app-usage": "{", "x-business-use-case-usage": '{"1":[{"total_time":5}]}' })?.percent).toBe(5);
  });
});
