/**
 * Meta's client certificate, for those who have Cloudflare ask for it (`REQUIRE_MTLS`). It says that Meta is calling, not
 * for which app, so the signature is checked all the same.
 *
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#mtls-for-webhooks
 * @see https://developers.cloudflare.com/ssl/client-certificates/client-certificate-variables/
 */
import { parseDistinguishedName } from "./distinguished-name.ts";

/** What Cloudflare found out about the client certificate, as `request.cf.tlsClientAuth` has it. */
export interface ClientCertificate {
  certPresented: string;
  certVerified: string;
  certRevoked: string;
  certSubjectDNRFC2253: string;
}

/** The common name of the certificate that Meta presents. */
const META_COMMON_NAME = "client.webhooks.fbclientcerts.com";

export type CertificateRefusal = "not_presented" | "not_verified" | "revoked" | "wrong_name";

/** Why the caller is not Meta; null when it is. */
export function refuseCertificate(certificate: Partial<ClientCertificate> | undefined): CertificateRefusal | null {
  if (certificate?.certPresented !== "1") return "not_presented";
  if (certificate.certVerified !== "SUCCESS") return "not_verified";
  if (certificate.certRevoked !== "0") return "revoked";
  const attributes = parseDistinguishedName(certificate.certSubjectDNRFC2253 ?? "") ?? [];
  const names = attributes.filter(({ type }) => type === "CN" || type === COMMON_NAME_OID);
  // With two common names nobody can say which one was certified for what.
  return names.length === 1 && names[0]?.value === META_COMMON_NAME ? null : "wrong_name";
}

const COMMON_NAME_OID = "2.5.4.3";
