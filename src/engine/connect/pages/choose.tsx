import type { FacebookPage } from "../../../meta/oauth/token-response.ts";
import { Layout } from "./layout.tsx";

/** Up to this number, all accounts are selected in advance. */
const PRESELECTED = 3;

const Choice = ({ value, what, name, checked }: { value: string; what: string; name: string; checked: boolean }) => (
  <li>
    <label>
      <input type="checkbox" name="target" value={value} checked={checked} />
      <span>
        {name} <span class="soft">{what}</span>
      </span>
    </label>
  </li>
);

export const ChoosePage = ({ step, pages }: { step: string; pages: readonly FacebookPage[] }) => {
  const count = pages.reduce((sum, page) => sum + (page.instagram === null ? 1 : 2), 0);
  const checked = count <= PRESELECTED;
  return (
    <Layout title="Select accounts">
      <form class="card" method="post" action="/connect/facebook/choose">
        <h1>Select the accounts to connect</h1>
        <input type="hidden" name="step" value={step} />
        <ul>
          {pages.map(({ id, name, instagram }) => (
            <>
              <Choice value={`page:${id}`} what="Page" name={name ?? id} checked={checked} />
              {instagram !== null && (
                <Choice
                  value={`instagram:${instagram.id}`}
                  what={`Instagram account of the Page ${name ?? id}`}
                  name={instagram.username === null ? instagram.id : `@${instagram.username}`}
                  checked={checked}
                />
              )}
            </>
          ))}
        </ul>
        <button class="button" type="submit">
          Connect
        </button>
        <p class="soft">Is an account missing? Start again and select it in Facebook's dialog, too.</p>
      </form>
    </Layout>
  );
};
