/** Which admin token a command sends where. */

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * ADMIN_TOKEN of the environment, which somebody has chosen for this deployment; for this machine itself, the one of
 * `.dev.vars` will do. That one is never sent elsewhere: it would be shown to whoever has the address.
 *
 * @param local the admin token of `.dev.vars`; undefined: there is none
 * @throws with what to do, where there is no token for this address
 */
export function adminTokenFor(
  url: string,
  environment: Readonly<Record<string, string | undefined>>,
  local: () => string | undefined,
): string {
  const chosen = environment["ADMIN_TOKEN"];
  if (chosen !== undefined && chosen !== "") return chosen;
  const { hostname, host } = new URL(url);
  if (!LOOPBACK.test(hostname)) {
    throw new Error(
      `ADMIN_TOKEN is not set. Set it to the one of ${host}, with export ADMIN_TOKEN=…; the one in .dev.vars is for this machine only.`,
    );
  }
  const own = local();
  if (own === undefined || own === "") throw new Error("ADMIN_TOKEN is neither in the environment nor in .dev.vars.");
  return own;
}
