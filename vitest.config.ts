import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
// The engine serves what this makes.
import "./scripts/build-console.ts";

// The secrets that both configurations require. Nothing real: the tests sign with the same values. As bindings they
// win over a .dev.vars that a developer has; in the environment they keep wrangler from warning where there is none.
const secrets = {
  META_APP_SECRETS: "instagram:test_app_secret_not_real,meta:other_secret_not_real",
  META_VERIFY_TOKEN: "verify-token-not-real",
  ADMIN_TOKEN: "admin-token-not-real",
  TOKEN_ENCRYPTION_KEY: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};
Object.assign(process.env, secrets);

/** A test hangs or it does not; how fast it is on a busy machine is none of its business (see bench/). */
const TIMEOUT_MS = 60_000;

/**
 * The files of a project share their processes: a workerd for each file took two thirds of the whole time. No test relies
 * on it or suffers from it, since each has objects and accounts of its own: `--sequence.shuffle.files` shows that.
 */
const isolate = false;

/**
 * Four projects, one command: pure code in plain Node, each Worker in workerd with its own bindings, and both Workers
 * together under wrangler's test harness.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          isolate,
          testTimeout: TIMEOUT_MS,
          include: ["test/{core,meta,simulator,simulation,fuzz,soak,docs}/**/*.test.ts"],
          environment: "node",
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: secrets,
              serviceBindings: { ENGINE: (request: Request) => new Response(`engine ${request.url}`) },
            },
          }),
        ],
        test: { name: "receiver", isolate, testTimeout: TIMEOUT_MS, include: ["test/receiver/**/*.test.ts"] },
      },
      {
        plugins: [
          cloudflareTest({ wrangler: { configPath: "./wrangler.engine.toml" }, miniflare: { bindings: secrets } }),
        ],
        test: { name: "engine", isolate, testTimeout: TIMEOUT_MS, include: ["test/engine/**/*.test.ts"] },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: TIMEOUT_MS,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
