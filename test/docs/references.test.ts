import { existsSync, globSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { PAGES, read, ROOT } from "./pages.ts";

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, "");
const anchors = (page: string): string[] =>
  [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

const linksOf = (page: string): string[] =>
  [...withoutCode(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, to = ""]) => (/^\w+:/.test(to) ? [] : to));

const inCode = (page: string): string[] => [...page.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);

const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
const sources = globSync("{src,test,bench,scripts}/**/*.{ts,tsx}", { cwd: ROOT }).map(read).join("\n");

describe.each(PAGES.map((path) => ({ path, page: read(path) })))("$path", ({ path, page }) => {
  it("links to files and headings that exist", () => {
    const broken = linksOf(page).filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : join(dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchors(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("names npm scripts that exist", () => {
    const named = [...page.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });

  it("names files that exist", () => {
    const named = inCode(page).filter((code) => /^(?:src|test|bench|scripts|docs)\/[\w./-]+$/.test(code));
    expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  it("names constants that the code has", () => {
    const named = inCode(page).filter((code) => /^[A-Z]+(?:_[A-Z]+)+$/.test(code));
    const missing = named.filter((name) => !sources.includes(name) && !read(".dev.vars.example").includes(name));
    expect(missing).toEqual([]);
  });
});

it("every page of docs/ is in its index", () => {
  const index = read("docs/README.md");
  const pages = globSync("docs/*.md", { cwd: ROOT }).map((page) => page.replace("docs/", ""));
  expect(pages.filter((page) => page !== "README.md" && !index.includes(`](${page})`))).toEqual([]);
});

it("every decision is in the index of decisions", () => {
  const index = read("docs/decisions/README.md");
  const records = globSync("docs/decisions/0*.md", { cwd: ROOT }).map((page) => page.replace("docs/decisions/", ""));
  expect(records.length).toBeGreaterThan(0);
  expect(records.filter((page) => !index.includes(`](${page})`))).toEqual([]);
});
