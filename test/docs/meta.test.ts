import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/core/settings.ts";
import { DONE_ALREADY } from "../../src/core/reply/outcome.ts";
import { ERROR_ROWS } from "../../src/meta/errors/error-codes.ts";
import { CONTENT_LIMITS } from "../../src/core/automation/attachment-templates.ts";
import { explain } from "../../src/meta/errors/lookup.ts";
import {
  LIVE_BROADCAST_MAX_MS,
  META_RATE_LIMITS,
  PRIVATE_REPLY_WINDOW_MS,
  QUICK_REPLY_LIMIT,
} from "../../src/meta/limits.ts";
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

describe("the beliefs in docs/meta.md that are not proven", () => {
  const rows = tableRows(section(page, "## Not proven"));
  /** Names of settings as the API writes them: `sending`, `pacing.messagesPerSecond`. */
  const settings = Object.entries(DEFAULT_SETTINGS).flatMap(([name, value]) =>
    typeof value === "object" ? Object.keys(value).map((inner) => `${name}.${inner}`) : [name],
  );

  it.each(rows)("%s", (belief, source, seen, proven, setting) => {
    expect(belief).toMatch(/^[A-Z0-9]/);
    expect(source).toMatch(/^\[[DWA]\]/);
    // What is only assumed has not been seen.
    expect(seen).toMatch(/^(?:\d{4}(?:-\d\d(?:-\d\d)?)?|-)$/);
    expect(seen === "-").toBe(source === "[A]");
    expect(["yes", "no"]).toContain(proven);
    const named = [...(setting ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
    if (named.length === 0) expect(setting).toMatch(/^none(?: yet)?: ./);
    expect(named.filter((name) => !settings.includes(name) && name !== "GRAPH_API_VERSION")).toEqual([]);
  });

  it("have a row in the table of errors for every code that they name", () => {
    const named = rows.flatMap(([belief = ""]) =>
      [...belief.matchAll(/\b(?:\d+\/\d+|\d{5,})\b/g)].map(([code]) => code),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((code) => explain(code) === null)).toEqual([]);
  });
});

describe("the limits of content in docs/meta.md", () => {
  it.each([
    ["button template", [CONTENT_LIMITS.buttonTemplateText, 1, CONTENT_LIMITS.buttons]],
    ["generic template", [1, CONTENT_LIMITS.elements, CONTENT_LIMITS.elementText, 1, CONTENT_LIMITS.buttons]],
    ["button", [CONTENT_LIMITS.buttonTitle, CONTENT_LIMITS.payloadBytes]],
    ["quick reply", [QUICK_REPLY_LIMIT, CONTENT_LIMITS.payloadBytes]],
  ])("%s", (part, limits) => {
    const row = tableRows(section(page, "## Content")).find(([name]) => name === part);
    expect([...(row?.[1] ?? "").matchAll(/\d+/g)].map(Number)).toEqual(limits);
  });
});
