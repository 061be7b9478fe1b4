import type { TestProject } from "vitest/node";
import { startStack } from "./stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

/** Long enough to see a countdown, short enough to wait for it. */
const DEFER_SECONDS = 4;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack(DEFER_SECONDS);
  project.provide("url", stack.url);
  return stack.stop;
}
