import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fieldsOf } from "../../../src/meta/fields.ts";
import { scopesOf } from "../../../src/meta/oauth/permissions.ts";

const page = readFileSync(new URL("../../../docs/app-review.md", import.meta.url), "utf8");

const between = (begin: string, end: string): string => page.slice(page.indexOf(begin), page.indexOf(end));
const named = (text: string): string[] => [...text.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);

describe("the page for Meta's reviewers", () => {
  it.each([
    ["instagram", "### Instagram login", "### Facebook login"],
    ["facebook", "### Facebook login", "## Recordings"],
  ] as const)("lists the permissions that the %s login asks for, and no other", (login, begin, end) => {
    const rows = between(begin, end)
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const listed = rows.flatMap((row) => named(row.split("|")[1] ?? ""));
    expect(listed.toSorted()).toEqual(scopesOf(login).toSorted());
  });

  it("names the fields that an Instagram account is subscribed to", () => {
    const fields = named(between("Switch on", "4. On the same page"));
    const chosen = fieldsOf("instagram_login").flatMap(({ field, includedIn }) => (includedIn === null ? field : []));
    expect(fields.toSorted()).toEqual(chosen.toSorted());
  });
});
