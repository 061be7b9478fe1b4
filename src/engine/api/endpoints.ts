/** Every endpoint of the API. */
import type { Endpoint } from "./endpoint.ts";
import { accountEndpoints } from "./routes/accounts.ts";
import { automationEndpoints } from "./routes/automations.ts";
import { eventEndpoints } from "./routes/events.ts";
import { keptEndpoints } from "./routes/kept.ts";
import { referenceEndpoints } from "./routes/reference.ts";
import { replyEndpoints } from "./routes/replies.ts";
import { settingsEndpoints } from "./routes/settings.ts";
import { subscriptionEndpoints } from "./routes/subscriptions.ts";

export const ENDPOINTS: readonly Endpoint[] = [
  ...accountEndpoints,
  ...subscriptionEndpoints,
  ...automationEndpoints,
  ...eventEndpoints,
  ...replyEndpoints,
  ...settingsEndpoints,
  ...keptEndpoints,
  ...referenceEndpoints(() => ENDPOINTS),
];
