/** Where Chromium is, how it is started, and what must never happen in it. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ADMIN_TOKEN } from "./stack.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MACOS = ["Chromium", "Google Chrome"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);

/** Null: none is installed. `CHROMIUM` names another one. */
export function chromiumPath(): string | null {
  const named = process.env["CHROMIUM"] ?? "";
  if (named !== "") return existsSync(named) ? named : null;
  const directories = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/snap/bin"];
  const places = directories.flatMap((directory) => NAMES.map((name) => join(directory, name)));
  return [...places, ...MACOS].find((path) => existsSync(path)) ?? null;
}

/** Where Chromium is missing, how to get it. */
export function howToGetChromium(): string {
  const named = process.env["CHROMIUM"] ?? "";
  return [
    named === ""
      ? "The browser tests need Chromium, and none was found."
      : `The browser tests need Chromium, and there is none at ${named}, which CHROMIUM names.`,
    "",
    "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install --yes chromium",
    "  macOS:           brew install --cask chromium",
    "  elsewhere:       CHROMIUM=/path/to/chrome npm run test:browser",
  ].join("\n");
}

const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error(howToGetChromium());
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A page that remembers everything that must not happen. */
export interface WatchedPage {
  page: Page;
  /** Dialogs, violations of the content security policy, exceptions, requests to anywhere else. */
  offenses: string[];
  close: () => Promise<void>;
}

/** @param url the stack's; anything that the page asks of another address is an offense */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const offenses: string[] = [];
  page.on("dialog", (dialog) => {
    // Asked about unsaved changes is no offense; it cannot be told apart by anything else than its type.
    if (dialog.type() !== "beforeunload") offenses.push(`dialog: ${dialog.message()}`);
    void dialog.accept();
  });
  page.on("pageerror", (error) => offenses.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted ?Type|violates/i.test(text)) offenses.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !to.startsWith(url.replace("http", "ws")) && !to.startsWith("data:")) {
      offenses.push(`request: ${to}`);
    }
  });
  await page.addInitScript(`addEventListener("securitypolicyviolation", (event) => {
    console.error("Content Security Policy: " + event.violatedDirective + " " + event.blockedURI);
  });`);
  return { page, offenses, close: () => context.close() };
}

/** Signs in without the form, which has tests of its own, and goes there. */
export async function signIn(page: Page, path: string): Promise<void> {
  const response = await page.request.post("/console/sign-in", { form: { token: ADMIN_TOKEN }, maxRedirects: 0 });
  if (response.status() !== 303) throw new Error(`signing in was answered ${response.status()}`);
  await page.goto(path);
}
