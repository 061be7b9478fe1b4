/** The account's automations. The script draws the list and the editor from the API. */
import { nameOf } from "../account-name.ts";
import type { AccountDetail } from "../../api/account.ts";
import type { Frame, TextLimits } from "../model.ts";
import { Layout } from "./layout.tsx";

interface AutomationsProps {
  frame: Frame;
  account: AccountDetail;
  limits: TextLimits;
}

export function AutomationsPage({ frame, account, limits }: AutomationsProps) {
  return (
    <Layout
      frame={frame}
      title={`Automations of ${nameOf(account)}`}
      page="automations"
      account={account}
      data={{ limits: JSON.stringify(limits), "reply-delay": String(account.state.settings.deferSeconds) }}
    >
      <section class="automations" data-part="automations" aria-busy="true" aria-label="Automations">
        <div class="skeleton" aria-hidden="true">
          {Array.from({ length: 4 }, () => (
            <i></i>
          ))}
        </div>
      </section>
    </Layout>
  );
}
