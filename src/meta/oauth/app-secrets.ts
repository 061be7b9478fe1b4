import { parseAppSecrets } from "../signature.ts";
import type { Login } from "../graph/request.ts";

/**
 * The secrets of `META_APP_SECRETS` that may belong to the app of this login. Instagram Login has its own secret with
 * the label `instagram`. Without labels, any secret may be the right one.
 *
 * @returns one or more, in order (newest first during a rotation); none if the setting is empty
 */
export function clientSecrets(login: Login, setting: string): string[] {
  const all = parseAppSecrets(setting);
  const isInstagram = ({ label }: { label: string }): boolean => /^instagram/i.test(label);
  const isUnlabelled = ({ label }: { label: string }): boolean => /^secret\d+$/.test(label);
  const own = all.filter((entry) => isUnlabelled(entry) || isInstagram(entry) === (login === "instagram"));
  return (own.length > 0 ? own : all).map(({ secret }) => secret);
}
