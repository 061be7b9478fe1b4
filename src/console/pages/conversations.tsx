/** The people who have contacted the account, and the conversation with one of them. */
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame } from "../model.ts";
import { accountPath } from "../paths.ts";
import { Icon } from "./icons.tsx";
import { Layout } from "./layout.tsx";
import { LiveIndicator } from "./indicators.tsx";

export function ConversationsPage({ frame, account }: { frame: Frame; account: AccountDetail }) {
  return (
    <Layout frame={frame} title={`Conversations of ${nameOf(account)}`} page="conversations" account={account}>
      <form class="tools" data-form="filter" role="search">
        <label class="search">
          <Icon name="search" />
          <input type="search" name="search" placeholder="Name or id" aria-label="Search people" />
        </label>
        <label class="check">
          <input type="checkbox" name="held" />
          Only with automations paused
        </label>
      </form>
      <section class="people" data-part="people" aria-busy="true" aria-label="People, most recent first">
        <Skeleton />
      </section>
    </Layout>
  );
}

interface ThreadProps {
  frame: Frame;
  account: AccountDetail;
  personId: string;
}

export function ThreadPage({ frame, account, personId }: ThreadProps) {
  return (
    <Layout frame={frame} title="Conversation" page="thread" account={account} data={{ person: personId }}>
      <p class="back">
        <a href={accountPath(account.id, "/conversations")}>All conversations</a>
        <LiveIndicator />
      </p>
      <section class="thread" data-part="thread" aria-busy="true" aria-label="The conversation">
        <Skeleton />
      </section>
    </Layout>
  );
}

const Skeleton = () => (
  <div class="skeleton" aria-hidden="true">
    {Array.from({ length: 5 }, () => (
      <i></i>
    ))}
  </div>
);
