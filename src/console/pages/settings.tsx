/** An account's settings. Changed fields are saved through the API, which reports the problems of each field. */
import type { Settings } from "../../core/settings.ts";
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import { count } from "../format.ts";
import type { Frame } from "../model.ts";
import { Check, Group, Whole } from "./fields.tsx";
import { Layout } from "./layout.tsx";

export function SettingsPage({ frame, account }: { frame: Frame; account: AccountDetail }) {
  const { settings } = account.state;
  return (
    <Layout frame={frame} title={`Settings of ${nameOf(account)}`} page="settings" account={account}>
      <form class="settings" data-form="settings" novalidate>
        <Group title="Sending">
          <Choice settings={settings} />
          <Whole name="deferSeconds" label="Reply delay" unit="seconds" max={86_400} value={settings.deferSeconds}>
            Counted from when the event is received. An automation can override it.
          </Whole>
          <Check
            name="recheckComments"
            label="Check that a comment still exists before replying"
            on={settings.recheckComments}
          >
            Costs one Graph API call for each private reply. Deleted comments get no reply.
          </Check>
          <div class="field">
            <label for="uncertainMessages">Messages with unknown delivery status</label>
            <select id="uncertainMessages" name="uncertainMessages">
              <option value="hold" {...(settings.uncertainMessages === "hold" ? { selected: true } : {})}>
                Hold until an echo arrives or you resolve it
              </option>
              <option value="retry" {...(settings.uncertainMessages === "retry" ? { selected: true } : {})}>
                Retry: the person may receive it twice
              </option>
            </select>
            <p class="hint" data-problem="uncertainMessages" />
          </div>
        </Group>
        <Group title="Rate limits">
          <Whole
            name="pacing.privateRepliesPerHour"
            label="Private replies per hour"
            max={750}
            min={1}
            value={settings.pacing.privateRepliesPerHour}
          >
            Meta allows 750 per hour.
          </Whole>
          <Whole
            name="pacing.privateReplyBurst"
            label="Private reply burst"
            max={750}
            min={1}
            value={settings.pacing.privateReplyBurst}
          >
            How many may be sent at once. The rest of the hourly limit is spread evenly.
          </Whole>
          <Whole
            name="pacing.messagesPerSecond"
            label="Messages per second"
            max={100}
            min={1}
            value={settings.pacing.messagesPerSecond}
          />
          <Whole
            name="pacing.mediaPerSecond"
            label="Audio and video messages per second"
            max={10}
            min={1}
            value={settings.pacing.mediaPerSecond}
          />
          <Whole
            name="pacing.publicRepliesPerMinute"
            label="Public replies per minute"
            max={60}
            min={1}
            value={settings.pacing.publicRepliesPerMinute}
          />
        </Group>
        <Group title="Human handover">
          <Check name="takeover.enabled" label="Pause automations when a person replies" on={settings.takeover.enabled}>
            A reply from the inbox or from another app cancels the pending replies of that conversation.
          </Check>
          <Whole
            name="takeover.holdMinutes"
            label="Pause automations for"
            unit="minutes"
            max={10_080}
            min={1}
            value={settings.takeover.holdMinutes}
          />
          <Whole
            name="conversationRepliesPerHour"
            label="Automated messages to one person per hour"
            max={1_000}
            min={1}
            value={settings.conversationRepliesPerHour}
          >
            Prevents two bots from replying to each other endlessly.
          </Whole>
        </Group>
        <Group title="Storage and reconciliation">
          <Whole
            name="retentionDays"
            label="Delete events and finished replies after"
            unit="days"
            max={365}
            min={8}
            value={settings.retentionDays}
          >
            At least 8 days, because a private reply can be sent for 7 days.
          </Whole>
          <Check
            name="reconcile.enabled"
            label="Find comments and messages that Meta did not deliver"
            on={settings.reconcile.enabled}
          >
            {foundThisWeek(account)}
          </Check>
          <Whole
            name="reconcile.everyMinutes"
            label="Search every"
            unit="minutes"
            max={1_440}
            min={5}
            value={settings.reconcile.everyMinutes}
          />
        </Group>
        <div class="form-end">
          <button type="submit" class="primary">
            Save
          </button>
          <p class="muted" data-part="saved" role="status" />
        </div>
      </form>
    </Layout>
  );
}

const SENDING = [
  ["on", "On", "Replies are sent when they are due."],
  [
    "paused",
    "Paused",
    "Events are recorded and replies scheduled, but nothing is sent. Meta's reply windows keep running out.",
  ],
  ["dry_run", "Dry run", "Replies are created and shown, then cancelled instead of sent."],
] as const;

function Choice({ settings }: { settings: Settings }) {
  return (
    <div class="choices" role="radiogroup" aria-label="Sending">
      {SENDING.map(([value, name, meaning]) => (
        <label class="choice">
          <input type="radio" name="sending" value={value} {...(settings.sending === value ? { checked: true } : {})} />
          <span>
            <b>{name}</b>
            <small>{meaning}</small>
          </span>
        </label>
      ))}
    </div>
  );
}

/** What the search has found, what it costs, and where Meta does not allow it. */
function foundThisWeek({ state: { found, reconcile } }: AccountDetail): string {
  const refused = (["comments", "messages"] as const).flatMap((read) => {
    const code = reconcile.refused[read];
    return code === null ? [] : [`Meta refuses to let Replyline read ${read} (code ${code}).`];
  });
  return [
    `${count(found.events)} of ${count(found.total)} events were not delivered by Meta this week.`,
    `Graph API calls of the search today: ${count(reconcile.callsToday)}.`,
    ...refused,
  ].join(" ");
}
