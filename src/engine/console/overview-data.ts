/** The overview: a page of accounts, and each one's day asked of the account itself. */
import type { Overview, OverviewAccount } from "../../console/model.ts";
import type { Day } from "../../api/feed.ts";
import type { AccountItem } from "../../api/account.ts";
import type { Objects } from "../objects.ts";

const ACCOUNTS = 25;
/** Accounts asked at once: Cloudflare allows a Worker six open connections. */
const ABREAST = 6;
/** An account that does not answer is shown without its day. */
const PATIENCE_MS = 1_500;

export async function readOverview(objects: Objects, search: string, cursor: string | undefined): Promise<Overview> {
  const [page, counts, stop, deadLetters] = await Promise.all([
    objects.directory((of) =>
      of.accounts({
        limit: ACCOUNTS,
        ...(search === "" ? {} : { search }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
    ),
    objects.directory((of) => of.counts()),
    objects.directory((of) => of.killSwitch()),
    objects.directory((of) => of.deadLettersByAccount()),
  ]);
  const days = await readDays(objects, page.items);
  const accounts = page.items.map((item): OverviewAccount => {
    const { hours = null, ...fresh } = days.get(item.id) ?? {};
    // The Directory's figures are up to a minute old; the account itself knows better.
    return { ...item, ...fresh, deadLetters: deadLetters[item.id] ?? 0, hours };
  });
  const killSwitch = { accounts: stop.accounts, acknowledged: stop.told };
  return { accounts, nextCursor: page.nextCursor, search, counts, killSwitch };
}

async function readDays(objects: Objects, items: readonly AccountItem[]): Promise<Map<string, Day>> {
  const days = new Map<string, Day>();
  const waiting = items.map(({ id }) => id);
  const asker = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const day = await dayOf(objects, id);
      if (day !== null) days.set(id, day);
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, asker));
  return days;
}

async function dayOf(objects: Objects, id: string): Promise<Day | null> {
  const answer = objects.account(id, (of) => of.day()).catch(() => null);
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return await Promise.race([answer, late]);
}
