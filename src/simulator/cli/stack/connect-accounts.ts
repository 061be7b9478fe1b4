/** Creates accounts in the simulator and connects them to Replyline. The demo and the browser tests use these. */
import type { Json } from "../../control/control-json.ts";
import type { ReplylineClient, SimulatorClient } from "../api-clients.ts";

interface Clients {
  meta: SimulatorClient;
  replyline: ReplylineClient;
}

/** What the account gets besides its connection. A missing part is left out. */
interface Equipment {
  fields?: readonly string[];
  automations?: readonly Json[];
  /** ms since 1970 */
  tokenExpiresAt?: number;
}

/** An Instagram account with Instagram Login. */
export async function connectInstagram(
  clients: Clients,
  { id, username }: { id: string; username: string },
  equipment: Equipment = {},
): Promise<void> {
  const { accessToken } = await clients.meta.putAccount(id, { username });
  await connect(clients, id, { platform: "instagram", login: "instagram", accessToken, username }, equipment);
}

/** A Page, with Facebook Login. */
export async function connectPage(
  clients: Clients,
  { id, name, username }: { id: string; name: string; username: string },
  equipment: Equipment = {},
): Promise<void> {
  const { accessToken } = await clients.meta.putAccount(id, { platform: "page", name, username });
  await connect(clients, id, { platform: "page", login: "facebook", accessToken, username }, equipment);
}

async function connect({ replyline }: Clients, id: string, account: Json, equipment: Equipment): Promise<void> {
  const { fields, automations, tokenExpiresAt } = equipment;
  await replyline.connect(id, { ...account, ...(tokenExpiresAt === undefined ? {} : { tokenExpiresAt }) });
  if (fields !== undefined) await replyline.subscribe(id, fields);
  if (automations !== undefined) await replyline.putAutomations(id, automations);
}
