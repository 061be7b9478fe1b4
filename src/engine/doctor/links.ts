/** Pages that a fix points to. */
const META = "https://developers.facebook.com";
const CLOUDFLARE = "https://developers.cloudflare.com";

export const LINKS = {
  instagramWebhooks: `${META}/documentation/instagram-platform/webhooks`,
  messengerWebhooks: `${META}/documentation/business-messaging/messenger-platform/webhooks`,
  verification: `${META}/docs/graph-api/webhooks/getting-started#configure-webhooks-product`,
  validating: `${META}/docs/graph-api/webhooks/getting-started#validating-payloads`,
  businessLogin: `${META}/docs/instagram-platform/instagram-api-with-instagram-login/business-login`,
  longLived: `${META}/docs/facebook-login/guides/access-tokens/get-long-lived`,
  accessLevels: `${META}/docs/graph-api/overview/access-levels`,
  dataAccess: `${META}/docs/facebook-login/auth-vs-data`,
  handover: `${META}/documentation/business-messaging/messenger-platform/handover-protocol`,
  requireAppSecret: `${META}/docs/graph-api/guides/secure-requests`,
  permissions: `${META}/docs/permissions`,
  secrets: `${CLOUDFLARE}/workers/configuration/secrets/`,
  mtls: `${CLOUDFLARE}/ssl/client-certificates/byo-ca/`,
  domains: `${CLOUDFLARE}/workers/configuration/routing/custom-domains/`,
  queues: `${CLOUDFLARE}/queues/configuration/dead-letter-queues/`,
  queueMetrics: `${CLOUDFLARE}/queues/observability/metrics/`,
} as const;

/** A page of the app in Meta's dashboard. */
export const dashboard = (appId: string, section: "webhooks" | "settings/basic" | "roles/roles"): string =>
  `${META}/apps/${encodeURIComponent(appId)}/${section}/`;
