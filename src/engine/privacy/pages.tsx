import { Layout } from "../connect/pages/layout.tsx";
import type { Erasure } from "../../api/privacy.ts";

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ") + " UTC";

const WHAT = {
  deauthorize:
    "You removed the app. We delete the token, events, conversations and replies of the account. Its settings and automations stay for a new login; a deletion request removes them, too.",
  deletion: "Deletion request, forwarded by Meta.",
  request: "Deletion request, sent to us directly.",
} as const;

/** The status of a request, for a visitor who has its code. It does not say whose request it is. */
export const StatusPage = ({ erasure }: { erasure: Erasure }) => {
  const { code, kind, requestedAt, finishedAt, erased, people } = erasure;
  return (
    <Layout title="Your request">
      <div class="card">
        <h1>{finishedAt === null ? "Your data is being deleted" : "Your data has been deleted"}</h1>
        <p>{WHAT[kind]}</p>
        <ul>
          <li>
            Confirmation code <code>{code}</code>
          </li>
          <li>Requested {day(requestedAt)}</li>
          <li>
            {finishedAt === null ? "In progress. This page shows when it is complete." : `Completed ${day(finishedAt)}`}
          </li>
          {erased > 0 && <li>{`Deleted accounts: ${erased}`}</li>}
          {people > 0 && <li>{`Accounts where your conversations were deleted: ${people}`}</li>}
          {finishedAt !== null && erased === 0 && people === 0 && <li>No data about you was stored.</li>}
        </ul>
        <p class="soft">
          We keep a hash and a time so that late notifications are not stored again. Database backups expire after 30
          days, queued messages after 4 days.
        </p>
      </div>
    </Layout>
  );
};

export const UnknownCodePage = () => (
  <Layout title="Request not found">
    <div class="card">
      <h1>No request has this code</h1>
      <p>Check that the address is complete, exactly as Meta showed it to you.</p>
    </div>
  </Layout>
);

export const HowPage = () => (
  <Layout title="Delete your data">
    <div class="card">
      <h1>Delete your data</h1>
      <p>
        In Instagram or Facebook, open Settings, then Apps and Websites. Select this app, remove it, and request the
        deletion of your data. Meta gives you an address that shows the status of the request.
      </p>
      <p class="soft">
        If you only sent comments or messages to an account that uses Replyline, ask the owner of that account.
      </p>
    </div>
  </Layout>
);
