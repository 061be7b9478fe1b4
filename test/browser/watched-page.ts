/** What most test files of the console share: one Chromium for the file, and pages that are checked after each test. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { launch, openPage, signIn, type WatchedPage } from "./chromium.ts";

/** A Chromium for the whole file. To be called where the file's hooks are registered. */
export function launchedBrowser(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  return () => browser;
}

/**
 * Registers the hooks of a test file: after each test, no page of it may have an offense. An uncaught exception is one.
 *
 * @returns opens a page in a context of its own
 */
export function watchedPages(): (options?: BrowserContextOptions) => Promise<Page> {
  const browser = launchedBrowser();
  let opened: WatchedPage[] = [];
  afterEach(async () => {
    const pages = opened;
    opened = [];
    for (const { offenses } of pages) expect(offenses).toEqual([]);
    for (const { close } of pages) await close();
  });
  return async (options = {}) => {
    const watched = await openPage(browser(), inject("url"), options);
    opened.push(watched);
    return watched.page;
  };
}

/** As `watchedPages`: opens a page that is signed in and at the path. `before` runs first, for routes and scripts. */
export function signedInPages(): (
  path: string,
  before?: (page: Page) => Promise<unknown>,
  options?: BrowserContextOptions,
) => Promise<Page> {
  const openWatched = watchedPages();
  return async (path, before, options) => {
    const page = await openWatched(options);
    await before?.(page);
    await signIn(page, path);
    return page;
  };
}
