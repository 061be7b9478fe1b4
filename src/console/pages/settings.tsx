/** An account's settings. Saved field by field through the API, which says what is wrong with which. */
import type { Settings } from "../../core/settings.ts";
import { nameOf } from "../account-name.ts";
import type { AccountHead, Frame } from "../model.ts";
import { Check, Group, Whole } from "./fields.tsx";
import { Layout } from "./layout.tsx";

export function SettingsPage({ frame, account }: { frame: Frame; account: AccountHead }) {
  const { settings } = account.state;
  return (
    <Layout frame={frame} title={`Settings of ${nameOf(account)}`} page="settings" account={account}>
      <form class="settings" data-form="settings" novalidate>
        <Group title="Sending">
          <Choice settings={settings} />
          <Whole
            name="deferSeconds"
            label="Wait before a reply"
            unit="seconds"
            max={86_400}
            value={settings.deferSeconds}
          >
            Counted from when the event came in. An automation may say otherwise.
          </Whole>
          <Check
            name="recheckComments"
            label="Look at a comment again before answering it"
            on={settings.recheckComments}
          >
            One Graph read for each private reply; a comment that is gone by then is not answered.
          </Check>
          <div class="field">
            <label for="uncertainMessages">A message whose outcome is unknown</label>
            <select id="uncertainMessages" name="uncertainMessages">
              <option value="hold" {...(settings.uncertainMessages === "hold" ? { selected: true } : {})}>
                is held, until an echo or a person settles it
              </option>
              <option value="retry" {...(settings.uncertainMessages === "retry" ? { selected: true } : {})}>
                is tried again, and may arrive twice
              </option>
            </select>
            <p class="hint" data-problem="uncertainMessages" />
          </div>
        </Group>
        <Group title="Pace">
          <Whole
            name="pacing.privateRepliesPerHour"
            label="Private replies an hour"
            max={750}
            min={1}
            value={settings.pacing.privateRepliesPerHour}
          >
            Meta allows 750 in any hour.
          </Whole>
          <Whole
            name="pacing.privateReplyBurst"
            label="Of them at once"
            max={750}
            min={1}
            value={settings.pacing.privateReplyBurst}
          >
            After so many they are spread evenly.
          </Whole>
          <Whole
            name="pacing.messagesPerSecond"
            label="Messages a second"
            max={100}
            min={1}
            value={settings.pacing.messagesPerSecond}
          />
          <Whole
            name="pacing.mediaPerSecond"
            label="Audio and video a second"
            max={10}
            min={1}
            value={settings.pacing.mediaPerSecond}
          />
          <Whole
            name="pacing.publicRepliesPerMinute"
            label="Public replies a minute"
            max={60}
            min={1}
            value={settings.pacing.publicRepliesPerMinute}
          />
        </Group>
        <Group title="People">
          <Check name="takeover.enabled" label="Stand back when a person answers" on={settings.takeover.enabled}>
            An answer from the inbox, or from another app, cancels what is pending for that conversation.
          </Check>
          <Whole
            name="takeover.holdMinutes"
            label="Stand back for"
            unit="minutes"
            max={10_080}
            min={1}
            value={settings.takeover.holdMinutes}
          />
          <Whole
            name="conversationRepliesPerHour"
            label="Automated messages to one person an hour"
            max={1_000}
            min={1}
            value={settings.conversationRepliesPerHour}
          >
            Stops two bots from talking to each other.
          </Whole>
        </Group>
        <Group title="Keeping">
          <Whole
            name="retentionDays"
            label="Keep events and settled replies"
            unit="days"
            max={365}
            min={8}
            value={settings.retentionDays}
          >
            At least 8: a private reply may be sent for 7.
          </Whole>
          <Check
            name="reconcile.enabled"
            label="Look for comments that Meta never delivered"
            on={settings.reconcile.enabled}
          />
          <Whole
            name="reconcile.everyMinutes"
            label="Every"
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
  ["on", "Send", "Replies leave when they are due."],
  ["paused", "Pause", "Captured and scheduled; nothing leaves, and windows go on closing."],
  ["dry_run", "Dry run", "Decided and shown; cancelled at the moment in which they would have left."],
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
