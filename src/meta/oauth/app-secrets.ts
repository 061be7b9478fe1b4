import { parseAppSecrets } from "../signature.ts";
import type { Login } from "../graph/request.ts";

/**
 * The secrets of `META_APP_SECRETS` that may belong to this login's app: Instagram Login has a secret of its own, which
 * the label `instagram` marks. Without labels every secret may be the one.
 *
 * @returns one or more, in their order (the newest first, when a rotation has two); none when the setting is empty
 */
export function clientSecrets(login: Login, setting: string): string[] {
  const all = parseAppSecrets(setting);
  const isInstagram = ({ label }: { label: string }): boolean => /^instagram/i.test(label);
  const isUnlabelled = ({ label }: { label: string }): boolean => /^secret\d+$/.test(label);
  const own = all.filter((entry) => isUnlabelled(entry) || isInstagram(entry) === (login === "instagram"));
  return (own.length > 0 ? own : all).map(({ secret }) => secret);
}
