import { defineConfig } from "vitest/config";

/**
 * The inner loop: the pure tests that take milliseconds, in plain Node. vitest.config.ts runs them too, with everything
 * else, but it builds the console and loads Cloudflare's pool first, which takes longer than these tests.
 */
export default defineConfig({
  test: {
    name: "unit",
    include: ["test/{core,meta,simulator,simulation,fuzz,soak,docs}/**/*.test.ts"],
    // Left to `npm test`: properties with thousands of cases, whole simulated runs, and tests that start a process.
    exclude: [
      "test/meta/reader/anything.test.ts",
      "test/fuzz/oracle.test.ts",
      "test/simulation/run.test.ts",
      "test/simulation/{mutants,properties,sweep}/**",
      "test/simulator/cli/**",
      "test/simulator/worker.test.ts",
    ],
    environment: "node",
    isolate: false,
    pool: "threads",
    // One for each core of a small machine. By default vitest leaves one core free.
    maxWorkers: 2,
    // Most of the time goes into transforming TypeScript: the second run reads it from node_modules/.
    experimental: { fsModuleCache: true },
  },
});
