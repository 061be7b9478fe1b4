/** Where Chromium is, how it is started, and what must never happen in it. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { ADMIN_TOKEN } from "./stack.ts";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium"];

/** Null: none is installed. `CHROMIUM` names another one. */
export function chromiumPath(): string | null {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return existsSync(named) ? named : null;
  return PLACES.find((path) => existsSync(path)) ?? null;
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
  if (executablePath === null) throw new Error("there is no Chromium: npm run test:browser says how to get one");
  return await chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A page that remembers everything that must not happen. */
export interface WatchedPage {
  page: Page;
  /** Dialogs, violations of the content security policy, exceptions, requests to anywhere else. */
  offences: string[];
  close: () => Promise<void>;
}

/** @param url the stack's; anything that the page asks of another address is an offence */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1360, height: 860 }, ...options });
  const page = await context.newPage();
  const offences: string[] = [];
  page.on("dialog", (dialog) => {
    // Asked about unsaved changes is no offence; it cannot be told apart by anything else than its type.
    if (dialog.type() !== "beforeunload") offences.push(`dialog: ${dialog.message()}`);
    void dialog.accept();
  });
  page.on("pageerror", (error) => offences.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted ?Type|violates/i.test(text)) offences.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const to = request.url();
    if (!to.startsWith(url) && !to.startsWith(url.replace("http", "ws")) && !to.startsWith("data:")) {
      offences.push(`request: ${to}`);
    }
  });
  await page.addInitScript(`addEventListener("securitypolicyviolation", (event) => {
    console.error("Content Security Policy: " + event.violatedDirective + " " + event.blockedURI);
  });`);
  return { page, offences, close: () => context.close() };
}

/** Signs in through the page, and arrives where it wanted to go. */
export async function signIn(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByLabel("Admin token").fill(ADMIN_TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL((address) => !address.pathname.startsWith("/console/sign-in"));
}
