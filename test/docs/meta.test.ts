import { describe, expect, it } from "vitest";
import { DONE_ALREADY } from "../../src/core/reply/outcome.ts";
import { ERROR_ROWS } from "../../src/meta/errors/error-codes.ts";
import { LIVE_BROADCAST_MAX_MS, META_RATE_LIMITS, PRIVATE_REPLY_WINDOW_MS } from "../../src/meta/limits.ts";
import { read, section, tableRows } from "./pages.ts";

const page = read("docs/meta.md");
const codes = (text: string): string[] => [...text.matchAll(/\b\d+(?:\/\d+)?\b/g)].map(([code]) => code);

const rowOf = (code: string) =>
  ERROR_ROWS.find((row) => (row.subcode === null ? `${row.code}` : `${row.code}/${row.subcode}`) === code);

describe("the table of errors in docs/meta.md", () => {
  const classes = tableRows(section(page, "## Errors")).map(([name = "", , examples = ""]) => ({
    action: name.replaceAll("`", ""),
    // What follows the codes of `doubt` is a sentence about all the others.
    examples: codes(examples.split("**")[0] ?? ""),
  }));

  it("has every class of the code", () => {
    expect(classes.map(({ action }) => action).toSorted()).toEqual(
      [...new Set(ERROR_ROWS.map((row) => row.action.do))].toSorted(),
    );
  });

  it.each(classes)("has examples of $action that the code treats so", ({ action, examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.map((code) => [code, rowOf(code)?.action.do])).toEqual(examples.map((code) => [code, action]));
  });

  it('names the codes that say "done already"', () => {
    const said = /"Done already" is ([\s\S]*?)\n- /.exec(page)?.[1] ?? "";
    const meant = ERROR_ROWS.filter(({ reason }) => DONE_ALREADY.has(reason));
    expect(codes(said).toSorted()).toEqual(
      meant.map(({ code, subcode }) => (subcode === null ? `${code}` : `${code}/${subcode}`)).toSorted(),
    );
  });
});

describe("the limits in docs/meta.md", () => {
  it.each(tableRows(section(page, "## Rates")).filter(([name = ""]) => name.startsWith("`")))(
    "%s",
    (name = "", _meta = "", ours = "") => {
      const limit = Object.entries(META_RATE_LIMITS).find(([each]) => name.startsWith(`\`${each}\``))?.[1];
      // "the same" speaks of the column before it, which has Meta's words.
      if (ours !== "the same") expect(ours).toMatch(new RegExp(`^${limit?.calls}\\b`));
      else expect(_meta).toMatch(new RegExp(`^${limit?.calls} .*a second`));
    },
  );

  it("has the windows of the code", () => {
    const windows = section(page, "## Windows");
    expect(windows).toContain(`${PRIVATE_REPLY_WINDOW_MS / 86_400_000} days from its creation`);
    expect(windows).toContain(`${LIVE_BROADCAST_MAX_MS / 3_600_000} h is Instagram's maximum`);
  });
});
