import * as v from "valibot";
import { err, ok, type Result } from "../../../core/result.ts";
import type { AccountRpc } from "../../object-rpc.ts";
import type { AccountItem } from "../../../api/account.ts";
import { type Answer, endpoint, type Endpoint, type EndpointShape, type Run } from "../endpoint.ts";
import { type Problem, problem } from "../problem.ts";
import { accountId } from "../../../api/account.ts";

/** The account that a route names. */
export interface KnownAccount {
  id: string;
  /** As the Directory lists it. */
  item: AccountItem;
  ask<T>(question: (account: AccountRpc, id: string) => Promise<T>): Promise<T>;
}

type AccountShape = EndpointShape & { params: v.GenericSchema<unknown, { id: string }> };

type AccountRun<S extends AccountShape> = (
  input: Parameters<Run<S>>[0] & { account: KnownAccount },
) => ReturnType<Run<S>>;

/** The route parameters of everything under one account. */
export const accountParams = v.object({ id: accountId });

/**
 * An endpoint under `/api/accounts/:id`. The Directory is asked first: an id that nothing has ever been heard of is
 * answered 404, and no empty object is made for it.
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

/** 404 that says which id is meant. */
export function accountNotFound(): Problem {
  return problem(
    "account_not_found",
    "No account with this id is connected, and none has sent events. The id is the entry.id of its webhooks; " +
      "connect it with PUT /api/accounts/:id.",
  );
}

/**
 * The body, or 404.
 *
 * @param missing what is said where there is none: what it may have been is not the same for all, some things age and
 *   others are only ever removed by hand
 */
export function found<T>(value: T | null, missing: string): Result<Answer<T>, Problem> {
  return value === null ? err(problem("not_found", missing)) : ok({ body: value });
}
