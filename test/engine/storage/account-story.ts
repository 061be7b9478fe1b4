/** The history of an account when its fixture is made: a reply in every state, and rows in every table. */
import { DEFAULT_SETTINGS } from "../../../src/core/settings.ts";
import type { Automation } from "../../../src/core/automation/automation.ts";
import { countInboxText, putWaitingEcho } from "../../../src/engine/account/tables/inbox-echoes.ts";
import {
  accepted,
  ACCOUNT,
  comment,
  echo,
  GUIDE,
  HELLO,
  message,
  NOON,
  outcome,
  type TestAccount,
  unsent,
} from "../account/harness.ts";

const SECOND = 1_000;
const DAY = 86_400_000;

/** When the fixture was made. The last events arrived ten seconds earlier. */
export const SAVED_AT = NOON + 70 * SECOND;

const PUBLIC: Automation = {
  ...GUIDE,
  id: "public",
  name: "Answer in public",
  trigger: { on: "comment", keywords: ["price"], match: "word", mediaIds: [] },
  actions: {
    privateReply: { text: "About {{parent.text|your question}}: https://example.com/prices" },
    publicReply: { texts: ["Sent! Check your DMs."] },
  },
  deferSeconds: 3_600,
};

/** Each person except the harness's has their own number, so that no limit or takeover of another person applies. */
const from = (number: number): string => `10458729301649${String(number).padStart(2, "0")}`;

export async function tellStory(account: TestAccount): Promise<void> {
  const timeout = outcome({ kind: "ambiguous", code: "timeout", reason: "timeout" });
  const settings = { ...DEFAULT_SETTINGS, takeover: { ...DEFAULT_SETTINGS.takeover, holdMinutes: 1 } };

  account.now = NOON - 8 * DAY;
  await account.connect([GUIDE, HELLO, PUBLIC]);
  await account.core.changeSettings(ACCOUNT, { ...settings, sending: "paused" });
  await account.ingest(comment("c_expired", { from: from(1) }, { at: account.now }));
  await account.ingest(echo("mid.human", "Hi, Anna here.", {}, { at: account.now }));
  await account.pass(8 * DAY);

  await account.core.changeSettings(ACCOUNT, settings);
  await account.ingest(comment("c_test", { from: from(2) }, { test: true }), unsent("m_never_seen"));
  await account.ingest(message("m_unsent", "hello"));
  await account.ingest(unsent("m_unsent"));
  await account.ingest(comment("c_long", { from: from(3), text: "nothing that anybody waits for" }));
  intoParts(account, "c_long");

  await account.ingest(comment("c_sent", { from: from(4) }));
  await account.pass(10 * SECOND);
  account.answer = () => outcome({ kind: "refused", code: "10/2534022", reason: "outside_window" });
  await account.ingest(comment("c_refused", { from: from(5) }));
  await account.pass(0);
  account.answer = () => timeout;
  await account.ingest(
    message("m_held", "hello"),
    comment("c_uncertain", { from: from(6) }, { at: NOON + 40 * SECOND }),
  );
  await account.pass(40 * SECOND);

  // The request of the last attempt was sent, and its result is not known yet.
  account.now = NOON + 60 * SECOND;
  account.answer = () => new Promise<never>(() => undefined);
  await account.ingest(comment("c_sending", { from: from(7) }, { at: NOON + 50 * SECOND }));
  void account.core.alarm();
  await new Promise((resolve) => setTimeout(resolve, 20));
  account.answer = () => accepted();
  // As they are while an echo waits for Meta's answer, and after a text from the inbox.
  putWaitingEcho(account.sql, "event.gone", from(7), account.now + 90 * SECOND);
  countInboxText(account.sql, "hash", from(10), account.now, 0);

  const late = { at: NOON + 65 * SECOND };
  await account.ingest(comment("c_pending", { from: from(8) }, late));
  await account.ingest(comment("c_price", { from: from(9), text: "What is the PRICE?", parentId: "c_0" }, late));
  await account.ingest(comment("c_pending", { from: from(8) }, late));
  account.now = SAVED_AT;
  rename(account);
}

/** Like an event that is too large for one row. */
function intoParts({ sql }: TestAccount, key: string): void {
  const id = `instagram:${ACCOUNT}:comment:${key}`;
  sql.all("INSERT INTO parts (owner, part, content) SELECT id, 0, substr(raw, 1, 40) FROM events WHERE id = ?", id);
  sql.all("INSERT INTO parts (owner, part, content) SELECT id, 1, substr(raw, 41) FROM events WHERE id = ?", id);
  sql.all("UPDATE events SET raw = '' WHERE id = ?", id);
}

/** The harness counts its ids from one. The ids of the fixture must not be reused. */
function rename({ sql }: TestAccount): void {
  sql.all("UPDATE replies SET id = 'saved_' || id, after_id = 'saved_' || after_id");
  sql.all(`UPDATE events SET decisions = replace(decisions, '"r_', '"saved_r_')`);
}
