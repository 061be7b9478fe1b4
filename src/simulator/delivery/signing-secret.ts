/** Which secret signs a delivery: the Instagram app secret for Instagram Login, the Meta app secret for all others. */
import type { parseAppSecrets } from "../../meta/signature.ts";

/** A secret and its label, as `META_APP_SECRETS` lists them. */
export type LabelledSecret = ReturnType<typeof parseAppSecrets>[number];

/** The secret that Meta would sign with. `login` is that of the account, where it is known. */
export function secretFor(
  secrets: readonly LabelledSecret[],
  object: string,
  login: "instagram" | "facebook" | null,
): LabelledSecret | undefined {
  const instagram = object === "instagram" && login !== "facebook";
  return secrets.find(({ label }) => (label === "instagram") === instagram) ?? secrets[0];
}
