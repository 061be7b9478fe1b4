import { explain } from "../../../meta/errors/lookup.ts";
import type { PermissionState } from "../../../meta/oauth/permissions.ts";
import type { ConnectedAccount, NotSubscribed } from "../login-result.ts";
import { Layout } from "./layout.tsx";

const KIND = { page: "Facebook Page", instagram: "Instagram account" } as const;

const Permissions = ({ permissions }: { permissions: PermissionState[] | null }) =>
  permissions === null ? (
    <p class="note">Meta did not list the granted permissions. The doctor checks them later.</p>
  ) : (
    <ul>
      {permissions.map(({ gives, name, granted }) => (
        <li>
          <span class={granted ? "yes" : "no"}>{gives}</span>
          <br />
          <span class="soft">
            <code>{name}</code> {granted ? "granted" : "not granted"}
          </span>
        </li>
      ))}
    </ul>
  );

const Subscription = ({ subscription, platform, login }: ConnectedAccount) =>
  subscription.ok ? (
    <p>
      {platform === "instagram" && login === "facebook" ? (
        <>
          <span class="yes">The Page is subscribed.</span>{" "}
          <span class="soft">Turn on Instagram's webhook fields for the whole app in the App Dashboard.</span>
        </>
      ) : (
        <>
          <span class="yes">Subscribed webhook fields:</span> <span class="soft">{subscription.fields.join(", ")}</span>
        </>
      )}
    </p>
  ) : (
    <p class="note">
      <span class="no">Meta does not send events for this account yet.</span> {whyNot(subscription)}
    </p>
  );

function whyNot({ code, again }: NotSubscribed): string {
  if (code === "no_permission")
    return "The permissions for comments and messages are missing. Connect again and grant them.";
  const soon = "Replyline retries automatically in about ten minutes.";
  if (code === "unreachable") return `Meta did not respond. ${soon}`;
  const row = explain(code);
  const why = row === null ? `Meta error code: ${code}.` : `${row.meaning} (${code})`;
  if (again === "soon") return `${why} ${soon}`;
  // The advice for a refusal is about replies.
  const advice = row?.action.do === "hold" ? `${row.advice} ` : "";
  return `${why} ${advice}${again === "daily" ? "Replyline retries automatically once a day." : ""}`.trimEnd();
}

/** The button for another login; null: another login would not help. Where Meta did not respond, Replyline retries. */
function loginAgain(accounts: readonly ConnectedAccount[]): string | null {
  if (accounts.some(({ permissions }) => permissions?.some(({ granted }) => !granted) ?? false)) {
    return "Connect again to grant the missing permissions";
  }
  const refused = accounts.some(({ subscription }) => !subscription.ok && subscription.again !== "soon");
  return refused ? "Connect again" : null;
}

export interface Lost {
  name: string;
}

export const ResultPage = ({
  accounts,
  lost,
  again,
  guest,
}: {
  accounts: readonly ConnectedAccount[];
  lost: readonly Lost[];
  again: string;
  guest: boolean;
}) => (
  <Layout title="Connected">
    {accounts.map((account) => (
      <div class="card">
        <h1>{account.name ?? account.id} is connected</h1>
        <p class="soft">
          {KIND[account.platform]} <code>{account.id}</code>
        </p>
        <Subscription {...account} />
        <h2>Permissions</h2>
        <Permissions permissions={account.permissions} />
      </div>
    ))}
    {lost.map(({ name }) => (
      <div class="card">
        <h1>{name} could not be connected</h1>
        <p>The account could not be stored. Connect it again in a moment. The other accounts are not affected.</p>
      </div>
    ))}
    {loginAgain(accounts) !== null && !guest && (
      <a class="button" href={again}>
        {loginAgain(accounts)}
      </a>
    )}
    {guest ? (
      <p class="soft">You can close this page.</p>
    ) : (
      <a class="button plain" href="/console">
        Open the console
      </a>
    )}
  </Layout>
);
