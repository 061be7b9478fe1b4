/**
 * A dump of every released schema version, made when it was the newest (account-story.ts, directory-story.ts). A
 * fixture is never changed, because it represents existing objects of users.
 */
import accountV1 from "./fixtures/account-v1.sql?raw";
import accountV2 from "./fixtures/account-v2.sql?raw";
import accountV3 from "./fixtures/account-v3.sql?raw";
import accountV4 from "./fixtures/account-v4.sql?raw";
import accountV5 from "./fixtures/account-v5.sql?raw";
import directoryV1 from "./fixtures/directory-v1.sql?raw";
import directoryV2 from "./fixtures/directory-v2.sql?raw";
import directoryV3 from "./fixtures/directory-v3.sql?raw";
import directoryV4 from "./fixtures/directory-v4.sql?raw";
import directoryV5 from "./fixtures/directory-v5.sql?raw";

/** In order of version, from 1. */
export const ACCOUNT_FIXTURES = [accountV1, accountV2, accountV3, accountV4, accountV5];
export const DIRECTORY_FIXTURES = [directoryV1, directoryV2, directoryV3, directoryV4, directoryV5];

/** For `describe.each`. */
export const versions = (fixtures: readonly string[]): { version: number; fixture: string }[] =>
  fixtures.map((fixture, index) => ({ version: index + 1, fixture }));
