/**
 * A released step has run in objects that cannot be changed manually, so it must never change. To change a schema,
 * append a step. The failure messages below say what else to do.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCOUNT_MIGRATIONS } from "../../../src/engine/account/schema.ts";
import { DIRECTORY_MIGRATIONS } from "../../../src/engine/directory/schema.ts";
import type { Migration } from "../../../src/engine/storage/migrate.ts";
import { sha256Hex } from "../../../src/meta/sha256.ts";
import { TestAccount } from "../account/harness.ts";
import { tellStory as tellAccountStory } from "./account-story.ts";
import { TestDirectory, tellStory as tellDirectoryStory } from "./directory-story.ts";
import { dump } from "./dump.ts";
import { ACCOUNT_FIXTURES, DIRECTORY_FIXTURES } from "./fixtures.ts";

interface Schema {
  name: "account" | "directory";
  migrations: readonly Migration[];
  fixtures: readonly string[];
  /** SHA-256 of each released step, from version 1. Lines are only added, never changed. */
  released: readonly string[];
  /** A dump of the newest version, with rows in every table. */
  take: () => Promise<string>;
}

const SCHEMAS: Schema[] = [
  {
    name: "account",
    migrations: ACCOUNT_MIGRATIONS,
    fixtures: ACCOUNT_FIXTURES,
    released: [
      "f93e5d187f2343fbde18e77ca33980923ae3a8f172239f632e3da42fe7d02af3",
      "3e9cdede6c7a108ab343dad0d8813c743c0e5f7102dd3d6ce2ce6d40b8d817af",
      "7976a00b8ab2909648cd988e5636f08b8c6c170dd97fa0c87a960e5fef9aa2af",
      "f89bfe78284791decb761da50c8d4aeea86abb4c5bd3c88bed1abe1a47cf34dd",
      "5dce7467c5a5d666aea359514f8f15a8ad888522d35f3808b7acf98d124a23df",
    ],
    take: () =>
      runInDurableObject(env.ACCOUNTS.getByName(`test-${crypto.randomUUID()}`), async (_object, { storage }) => {
        const account = new TestAccount(storage);
        await tellAccountStory(account);
        return dump(account.sql);
      }),
  },
  {
    name: "directory",
    migrations: DIRECTORY_MIGRATIONS,
    fixtures: DIRECTORY_FIXTURES,
    released: [
      "6f64be96cdb5d084c2e6c688ad9d0f131ef0448d0635c7f96351e30e4b15f156",
      "2bf7375941e6853ec9dd3212ab2f55d984ae016722b0d8874b35e373a8349c40",
      "2382198c2129be2cd235b3e7d0ce9c699695c13868a5b27f11bb58cb58efbcdd",
      "8cf22c22066767dc3603bdb8943843104fcb21a953b4fab6e2e0c1221ddfcbb1",
      "b394f6a3c013d417f718e83a764e48ab4874fa56df94b124c220bb1b5e7b389b",
    ],
    take: () =>
      runInDurableObject(env.DIRECTORY.getByName(`test-${crypto.randomUUID()}`), async (_object, { storage }) => {
        const directory = new TestDirectory(storage);
        await tellDirectoryStory(directory);
        return dump(directory.sql);
      }),
  },
];

const hashOf = (step: Migration): string => sha256Hex(JSON.stringify(step));

describe.each(SCHEMAS.map((schema) => [schema.name, schema] as const))("the schema of the %s", (name, schema) => {
  const { migrations, fixtures, released, take } = schema;

  it("has every released step unchanged", () => {
    released.forEach((hash, index) => {
      const step = migrations[index];
      expect(
        step === undefined ? "gone" : hashOf(step),
        `Step ${index + 1} of the ${name} has been released: objects that ran it will not run it again. ` +
          `Restore it, and append a step that makes the change.`,
      ).toBe(hash);
    });
  });

  it("has a fixture for every step", async () => {
    const missing = migrations.length > fixtures.length;
    // This prints the fixture; the sed command below extracts it from the output.
    if (missing) console.log(`\n-- fixture\n${await take()}-- end`);
    const file = `test/engine/storage/fixtures/${name}-v${migrations.length}.sql`;
    expect(
      fixtures.length,
      `Step ${migrations.length} of the ${name} has no fixture. If it needs rows of its own, add them to ` +
        `${name}-story.ts, then: npx vitest run --project engine test/engine/storage/released -t "${name} has a fixture" ` +
        `| sed -n '/^-- fixture/,/^-- end/p' | sed '1d;$d' > ${file} and list the file in fixtures.ts.`,
    ).toBe(migrations.length);
  });

  it("has every step released", () => {
    const missing = migrations.slice(released.length).map(hashOf);
    expect(missing, `Once the new step is final, add its hash to \`released\` of the ${name}.`).toEqual([]);
  });
});
