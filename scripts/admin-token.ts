/** Chooses the admin token that a command sends. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readDevVars, ROOT } from "../src/simulator/cli/stack/dev-vars.ts";

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * ADMIN_TOKEN of the environment. For an address on this machine, the token in `.dev.vars` is the fallback. That token is
 * never sent to another machine, because the server at that address would learn it.
 *
 * @param local the admin token of `.dev.vars`; undefined: there is none
 * @throws an error that says what to do, if there is no token for this address
 */
export function adminTokenFor(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  local: () => string | undefined = localToken,
): string {
  const chosen = environment["ADMIN_TOKEN"];
  if (chosen !== undefined && chosen !== "") return chosen;
  const { hostname, host } = new URL(url);
  if (!LOOPBACK.test(hostname)) {
    throw new Error(
      `ADMIN_TOKEN is not set. Set it to the admin token of ${host}: export ADMIN_TOKEN=… (the token in .dev.vars is for this machine only).`,
    );
  }
  const own = local();
  if (own === undefined || own === "") throw new Error("ADMIN_TOKEN is not set in the environment or in .dev.vars.");
  return own;
}

function localToken(): string | undefined {
  const path = join(ROOT, ".dev.vars");
  return existsSync(path) ? readDevVars(path)["ADMIN_TOKEN"] : undefined;
}
