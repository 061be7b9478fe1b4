/** Every endpoint of the API. */
import type { Endpoint } from "./endpoint.ts";
import { accountEndpoints } from "./routes/accounts.ts";
import { automationEndpoints } from "./routes/automations.ts";
import { conversationEndpoints } from "./routes/conversations.ts";
import { eventEndpoints } from "./routes/events.ts";
import { feedEndpoints } from "./routes/feed.ts";
import { killSwitchEndpoints } from "./routes/kill-switch.ts";
import { connectEndpoints } from "./routes/connect.ts";
import { doctorEndpoints } from "./routes/doctor.ts";
import { failedEventEndpoints } from "./routes/failed-events.ts";
import { privacyEndpoints } from "./routes/privacy.ts";
import { probeEndpoints } from "./routes/probe.ts";
import { referenceEndpoints } from "./routes/reference.ts";
import { replyEndpoints } from "./routes/replies.ts";
import { settingsEndpoints } from "./routes/settings.ts";
import { subscriptionEndpoints } from "./routes/subscriptions.ts";

export const ENDPOINTS: readonly Endpoint[] = [
  ...accountEndpoints,
  ...subscriptionEndpoints,
  ...automationEndpoints,
  ...eventEndpoints,
  ...feedEndpoints,
  ...replyEndpoints,
  ...conversationEndpoints,
  ...settingsEndpoints,
  ...failedEventEndpoints,
  ...connectEndpoints,
  ...privacyEndpoints,
  ...doctorEndpoints,
  ...probeEndpoints,
  ...killSwitchEndpoints,
  ...referenceEndpoints(() => ENDPOINTS),
];
