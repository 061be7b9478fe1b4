/** The console's script: each page names itself, and its own part of the script brings it to life. */
import { startWatch } from "./account-watch.ts";
import { startAutomations } from "./automations.ts";
import { startClock } from "./clock.ts";
import { startConversations } from "./conversations.ts";
import { startDoctor } from "./doctor.ts";
import { startFeed } from "./feed.ts";
import { startFailedEvents } from "./failed-events.ts";
import { startOverview } from "./overview.ts";
import { startNavigation } from "./navigation.ts";
import { startReplies } from "./replies.ts";
import { startServerTime } from "./server-time.ts";
import { startSettings } from "./settings.ts";
import { startSignIn } from "./sign-in.ts";
import { startSwitches } from "./switches.ts";
import { startTheme } from "./theme.ts";
import { startThread } from "./thread.ts";

const PAGES: Readonly<Record<string, () => void>> = {
  overview: startOverview,
  feed: startFeed,
  replies: startReplies,
  automations: startAutomations,
  conversations: startConversations,
  thread: startThread,
  "failed-events": startFailedEvents,
  doctor: startDoctor,
  settings: startSettings,
  "sign-in": startSignIn,
};

startServerTime();
startTheme();
startClock();
startNavigation();
startSwitches();
startWatch();
PAGES[document.body.dataset["page"] ?? ""]?.();
