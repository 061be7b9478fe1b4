import { Layout } from "../connect/pages/layout.tsx";
import type { Erasure } from "../../api/privacy.ts";

const day = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ") + " UTC";

const WHAT = {
  deauthorize:
    "The app was removed: token, events, conversations and replies of the account. What its operator has set up for it waits for a new login; a request to delete takes that too.",
  deletion: "A request to delete, passed on by Meta.",
  request: "A request to delete, made to us directly.",
} as const;

/** The state of a request, for whoever has its code. It does not say whose it is. */
export const StatusPage = ({ erasure }: { erasure: Erasure }) => {
  const { code, kind, requestedAt, finishedAt, erased, people } = erasure;
  return (
    <Layout title="Your request">
      <div class="card">
        <h1>{finishedAt === null ? "Your data is being deleted" : "Your data is deleted"}</h1>
        <p>{WHAT[kind]}</p>
        <ul>
          <li>
            Confirmation code <code>{code}</code>
          </li>
          <li>Requested {day(requestedAt)}</li>
          <li>
            {finishedAt === null ? "Still under way; this page shows when it is done." : `Done ${day(finishedAt)}`}
          </li>
          {erased > 0 && <li>{`Accounts deleted: ${erased}`}</li>}
          {people > 0 && <li>{`Accounts in which your conversations were deleted: ${people}`}</li>}
          {finishedAt !== null && erased === 0 && people === 0 && <li>Nothing about you was stored here.</li>}
        </ul>
        <p class="soft">
          A hash and a time stay, so that a notification that arrives late is not stored again. Backups of the database
          end after 30 days, messages on their way after 4 days.
        </p>
      </div>
    </Layout>
  );
};

export const UnknownCodePage = () => (
  <Layout title="No such request">
    <div class="card">
      <h1>There is no request with this code</h1>
      <p>Check that the address is complete, as Meta showed it to you.</p>
    </div>
  </Layout>
);

export const HowPage = () => (
  <Layout title="Delete your data">
    <div class="card">
      <h1>Delete your data</h1>
      <p>
        In Instagram or Facebook open Settings, Apps and Websites, choose this app, remove it, and ask for the deletion
        of your data there. You get an address that shows what became of it.
      </p>
      <p class="soft">If you only wrote to an account that uses Replyline, ask the owner of that account.</p>
    </div>
  </Layout>
);
