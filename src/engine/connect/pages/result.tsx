import { explain } from "../../../meta/errors/lookup.ts";
import type { PermissionState } from "../../../meta/oauth/permissions.ts";
import type { ConnectedAccount, NotSubscribed } from "../login-result.ts";
import { Layout } from "./layout.tsx";

const KIND = { page: "Facebook Page", instagram: "Instagram account" } as const;

const Permissions = ({ permissions }: { permissions: PermissionState[] | null }) =>
  permissions === null ? (
    <p class="note">Meta did not say what was granted. The doctor checks it later.</p>
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
          <span class="yes">Its Page is subscribed.</span>{" "}
          <span class="soft">Instagram's own fields are switched on for the whole app, in the App Dashboard.</span>
        </>
      ) : (
        <>
          <span class="yes">Meta sends its events:</span> <span class="soft">{subscription.fields.join(", ")}</span>
        </>
      )}
    </p>
  ) : (
    <p class="note">
      <span class="no">Meta does not send its events yet.</span> {whyNot(subscription)}
    </p>
  );

function whyNot({ code, again }: NotSubscribed): string {
  if (code === "no_permission")
    return "The permissions for comments and messages are missing: connect again with them.";
  const soon = "Replyline asks again by itself, in about ten minutes.";
  if (code === "unreachable") return `Meta did not answer. ${soon}`;
  const row = explain(code);
  const why = row === null ? `Meta's code: ${code}.` : `${row.meaning} (${code})`;
  if (again === "soon") return `${why} ${soon}`;
  // The advice for a refusal is about replies.
  const advice = row?.action.do === "hold" ? `${row.advice} ` : "";
  return `${why} ${advice}${again === "daily" ? "Replyline asks again by itself, once a day." : ""}`.trimEnd();
}

/** What another login could bring; null: nothing. Where Meta only gave no answer, Replyline sees to it alone. */
function loginAgain(accounts: readonly ConnectedAccount[]): string | null {
  if (accounts.some(({ permissions }) => permissions?.some(({ granted }) => !granted) ?? false)) {
    return "Connect again to grant what is missing";
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
        <h2>What was granted</h2>
        <Permissions permissions={account.permissions} />
      </div>
    ))}
    {lost.map(({ name }) => (
      <div class="card">
        <h1>{name} could not be connected</h1>
        <p>It could not be stored just now. Connect it again in a moment; the others are not affected.</p>
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
