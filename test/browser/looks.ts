/** How the pages are looked at: screenshots of all of them in every look. */
import { mkdirSync } from "node:fs";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { accessibilityProblems } from "./accessibility.ts";

/** Git ignores it: to be looked at. */
const FOLDER = "screenshots";

export interface Look {
  name: string;
  options: BrowserContextOptions;
}

export const LOOKS: Look[] = [
  { name: "light", options: { colorScheme: "light" } },
  { name: "dark", options: { colorScheme: "dark" } },
  {
    name: "phone",
    options: { colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
  },
];

/** The widest and the narrowest, the lightest and the darkest. */
export const EXTREMES: Look[] = [
  { name: "light", options: { colorScheme: "light" } },
  {
    name: "dark-phone",
    options: { colorScheme: "dark", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true },
  },
];

/** Takes its picture, and expects no accessibility problem on it. */
export async function shoot(page: Page, what: string, look: Look): Promise<void> {
  await page.waitForTimeout(40);
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}/${what}-${look.name}.png` });
  expect(await accessibilityProblems(page), `${what}, ${look.name}`).toEqual([]);
}
