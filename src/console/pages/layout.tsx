/** The frame of every page: the bar, the navigation, and the kill switch. */
import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame } from "../model.ts";
import { accountPath } from "../paths.ts";
import { sendStatusOf, type Stop } from "../send-status.ts";
import { Moment } from "./indicators.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { AccountHeader, Notices } from "./account-header.tsx";

/** A data: address, so that no request is needed and the content security policy has one thing less to allow. */
const FAVICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%23145c54'/%3E%3Cpath d='M9 17.5 14 22l9-12' fill='none' stroke='%23fff' stroke-width='3.4' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

const DOCTYPE = raw("<!doctype html>");

export type PageName =
  | "overview"
  | "feed"
  | "replies"
  | "automations"
  | "conversations"
  | "thread"
  | "settings"
  | "failed-events"
  | "doctor"
  | "message";

interface LayoutProps {
  frame: Frame;
  title: string;
  page: PageName;
  account?: AccountDetail;
  /** For the script: ids and limits, as data attributes of the page. */
  data?: Record<string, string>;
  children?: Child;
}

const ACCOUNT_LINKS: { page: PageName; path: string; name: string; icon: IconName }[] = [
  { page: "feed", path: "", name: "Live feed", icon: "pulse" },
  { page: "replies", path: "/replies", name: "Replies", icon: "send" },
  { page: "automations", path: "/automations", name: "Automations", icon: "bolt" },
  { page: "conversations", path: "/conversations", name: "Conversations", icon: "chat" },
  { page: "settings", path: "/settings", name: "Settings", icon: "sliders" },
];

export function Layout({ frame, title, page, account, data = {}, children }: LayoutProps) {
  const attributes = Object.fromEntries(Object.entries(data).map(([name, value]) => [`data-${name}`, value]));
  const sendStatus = account === undefined ? undefined : sendStatusOf(account, frame.stop);
  const stop = sendStatus?.stop ?? frame.stop;
  return (
    <>
      {DOCTYPE}
      <html lang="en" {...(frame.theme === null ? {} : { "data-theme": frame.theme })}>
        <Head frame={frame} title={title} />
        <body
          data-page={page}
          data-now={frame.now}
          {...(account === undefined
            ? {}
            : { "data-account": account.id, "data-send-status": JSON.stringify(sendStatus) })}
          {...attributes}
        >
          <a class="skip" href="#main">
            Skip to content
          </a>
          <Bar frame={frame} stop={stop} />
          <StopBanner stop={stop} />
          <div class="frame">
            <nav class="side" aria-label="Main">
              <NavLink href="/console" name="Overview" icon="home" here={page === "overview"} />
              {account !== undefined && (
                <div class="side-account">
                  <p class="side-title" title={account.id}>
                    {nameOf(account)}
                  </p>
                  {ACCOUNT_LINKS.map(({ page: own, path, name, icon }) => (
                    <NavLink
                      href={accountPath(account.id, path)}
                      name={name}
                      icon={icon}
                      here={page === own || (page === "thread" && own === "conversations")}
                    />
                  ))}
                </div>
              )}
              <NavLink
                href="/console/failed-events"
                name="Failed events"
                icon="box"
                here={page === "failed-events"}
                badge={frame.failedEvents.quarantined + frame.failedEvents.deadLetters}
              />
              <NavLink href="/console/doctor" name="Doctor" icon="heart" here={page === "doctor"} />
            </nav>
            <main id="main" tabindex={-1}>
              {account !== undefined && sendStatus !== undefined && page !== "thread" && (
                <AccountHeader account={account} sendStatus={sendStatus} now={frame.now} />
              )}
              {sendStatus !== undefined && page === "thread" && (
                <Notices sendStatus={sendStatus} now={frame.now} alone />
              )}
              {children}
            </main>
          </div>
          <div id="toasts" role="status" aria-live="polite" />
        </body>
      </html>
    </>
  );
}

export function Head({ frame, title }: { frame: Pick<Frame, "script" | "style">; title: string }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{`${title} · Replyline`}</title>
      <link rel="icon" href={FAVICON} />
      <link rel="stylesheet" href={`/console/assets/${frame.style}`} />
      <script type="module" src={`/console/assets/${frame.script}`}></script>
    </head>
  );
}

function Bar({ frame, stop }: { frame: Frame; stop: Stop | null }) {
  return (
    <header class="bar">
      <a class="brand" href="/console">
        <Icon name="check" />
        Replyline
      </a>
      <div class="bar-end">
        <button type="button" class="quiet danger" data-act="stop-all" hidden={stop !== null}>
          <Icon name="stop" />
          <span class="wide">Pause all sending</span>
          <span class="narrow">Pause all</span>
        </button>
        <button
          type="button"
          class="icon"
          data-act="theme"
          aria-label="Switch between light and dark"
          title="Switch between light and dark"
        >
          <Icon name="moon" />
        </button>
        {frame.via === "session" && (
          <form method="post" action="/console/sign-out">
            <button type="submit" class="icon" aria-label="Sign out" title="Sign out">
              <Icon name="exit" />
            </button>
          </form>
        )}
        {frame.email !== null && <span class="who">{frame.email}</span>}
      </div>
    </header>
  );
}

/** Hidden while sending is on: the script shows it as soon as all sending is paused. */
function StopBanner({ stop }: { stop: Stop | null }) {
  return (
    <div class="stopped" role="alert" data-part="stop" hidden={stop === null}>
      <Icon name="stop" />
      <p data-part="stop-text">
        {stop !== null && (
          <>
            <strong>Sending is paused for all accounts</strong> since <Moment at={stop.since} />
            {stop.reason !== "" && <>: {stop.reason}</>}. Events are still recorded, but Meta's reply windows keep
            running out.
          </>
        )}
      </p>
      <button type="button" data-act="resume-all">
        Resume sending
      </button>
    </div>
  );
}

interface NavLinkProps {
  href: string;
  name: string;
  icon: IconName;
  here: boolean;
  badge?: number;
}

function NavLink({ href, name, icon, here, badge = 0 }: NavLinkProps) {
  return (
    <a class="nav-link" href={href} {...(here ? { "aria-current": "page" as const } : {})}>
      <Icon name={icon} />
      <span>{name}</span>
      {badge > 0 && <span class="badge">{badge > 999 ? "999+" : badge}</span>}
    </a>
  );
}
