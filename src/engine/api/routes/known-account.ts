import * as v from "valibot";
import { err, ok, type Result } from "../../../core/result.ts";
import type { AccountRpc } from "../../object-rpc.ts";
import type { AccountItem } from "../../../api/account.ts";
import { type Answer, endpoint, type Endpoint, type EndpointShape, type Run } from "../endpoint.ts";
import { type Problem, problem } from "../problem.ts";
import { accountId } from "../../../api/account.ts";

/** The account of a route. */
export interface KnownAccount {
  id: string;
  /** The account's entry in the Directory. */
  item: AccountItem;
  ask<T>(question: (account: AccountRpc, id: string) => Promise<T>): Promise<T>;
}

type AccountShape = EndpointShape & { params: v.GenericSchema<unknown, { id: string }> };

type AccountRun<S extends AccountShape> = (
  input: Parameters<Run<S>>[0] & { account: KnownAccount },
) => ReturnType<Run<S>>;

/** The parameters of all routes under one account. */
export const accountParams = v.object({ id: accountId });

/**
 * An endpoint under `/api/accounts/:id`. The Directory is asked first: an unknown id gets 404, and no empty object is
 * created for it.
 */
export function accountEndpoint<const S extends AccountShape>(shape: S, run: AccountRun<S>): Endpoint {
  const described = { ...shape, problems: ["account_not_found", ...shape.problems] } as const;
  return endpoint(described as EndpointShape, async (input): Promise<Result<Answer, Problem>> => {
    const { id } = input.params as { id: string };
    const item = await input.objects.directory((directory) => directory.account(id));
    if (item === null) return err(accountNotFound());
    const account: KnownAccount = {
      id,
      item,
      ask: (question) => input.objects.account(id, (stub) => question(stub, id)),
    };
    return await run({ ...input, account } as Parameters<AccountRun<S>>[0]);
  });
}

/** A 404 error that explains which id is expected. */
export function accountNotFound(): Problem {
  return problem(
    "account_not_found",
    "Account not found: it is not connected and has no events. The id is the entry.id of its webhooks. " +
      "Connect it with PUT /api/accounts/:id.",
  );
}

/**
 * Responds with the body, or 404.
 *
 * @param missing the error message; it differs because some items expire and others are only deleted by a person
 */
export function found<T>(value: T | null, missing: string): Result<Answer<T>, Problem> {
  return value === null ? err(problem("not_found", missing)) : ok({ body: value });
}
