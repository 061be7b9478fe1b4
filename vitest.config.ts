import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";
// The engine serves the files that this import builds.
import "./scripts/build-console.ts";

// The secrets that both configurations require. None is real: the tests sign with the same values. As bindings they
// override a developer's .dev.vars; in the environment they prevent wrangler's warning where that file is missing.
const secrets = {
  META_APP_SECRETS: "instagram:test_app_secret_not_real,meta:other_secret_not_real",
  META_VERIFY_TOKEN: "verify-token-not-real",
  ADMIN_TOKEN: "admin-token-not-real",
  TOKEN_ENCRYPTION_KEY: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  META_APP_ID: "1184729305561827",
  INSTAGRAM_APP_ID: "1184729305561828",
};
Object.assign(process.env, secrets);

/** Only to end a test that hangs: speed is measured in bench/, not here. */
const TIMEOUT_MS = 60_000;

/**
 * The files of a project share their processes: a workerd per file took two thirds of the whole time. Tests do not affect
 * each other, because each has its own objects and accounts. `--sequence.shuffle.files` shows that.
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
