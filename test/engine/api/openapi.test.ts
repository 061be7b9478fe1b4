import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/engine/api/app.ts";
import { ENDPOINTS } from "../../../src/engine/api/endpoints.ts";
import { PROBLEM_STATUS } from "../../../src/engine/api/problem.ts";
import { ACCOUNT_ID, call, fakeEnv, refusal } from "./fakes.ts";

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Record<string, unknown> }> }>;
}

interface Description {
  openapi: string;
  security: Record<string, unknown>[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown>; required?: string[] }> };
}

const described = async (): Promise<Description> =>
  await (await call(fakeEnv(), "GET /api/openapi.json")).json<Description>();

const operations = ({ paths }: Description): [string, Operation][] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );

describe("the description of the API", () => {
  it("has exactly the registered routes", async () => {
    const registered = createApp()
      .routes.filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:([A-Za-z]+)/g, "{$1}")}`);
    const inDescription = operations(await described()).map(([route]) => route);
    expect(inDescription.toSorted()).toEqual([...new Set(registered)].toSorted());
  });

  it("says that a too long text is refused, and it is", async () => {
    const { paths } = await described();
    expect(paths["/api/accounts/{id}/replies"]?.["post"]?.description).toContain("refused with 422 `text_too_long`");
    const createReply = async () =>
      ({ ok: false, error: { reason: "text_too_long", max: 1_000, unit: "bytes" } }) as const;
    const body = { to: { commentId: "1" }, message: { text: "long" } };
    const init = { body, headers: { "Idempotency-Key": "k" } };
    const response = await call(
      fakeEnv({ account: { createReply } }),
      `POST /api/accounts/${ACCOUNT_ID}/replies`,
      init,
    );
    expect(await refusal(response)).toMatchObject({ status: 422, code: "text_too_long" });
  });

  it("has a summary, path parameters and responses for each route", async () => {
    for (const [route, operation] of operations(await described())) {
      expect(operation.summary, route).not.toBe("");
      expect(operation.tags, route).toHaveLength(1);
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(
        inPath.map(({ name }) => `{${name}}`),
        route,
      ).toEqual(route.match(/\{[A-Za-z]+\}/g) ?? []);
      expect(
        inPath.every(({ required }) => required),
        route,
      ).toBe(true);
      expect(Object.keys(operation.responses), route).toEqual(expect.arrayContaining(["401", "403", "500", "503"]));
      expect(
        Object.keys(operation.responses).filter((status) => status.startsWith("2")),
        route,
      ).toHaveLength(1);
    }
  });

  it("has unique operation ids", async () => {
    const names = operations(await described()).map(([, { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has no missing and no unused schema", async () => {
    const description = await described();
    const text = JSON.stringify(description);
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
    const there = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(referred)].toSorted()).toEqual(there.toSorted());
    expect(text).not.toContain("$defs");
  });

  it("contains the request schemas", async () => {
    const { paths, components } = await described();
    const limit = paths["/api/accounts"]?.["get"]?.parameters.find(({ name }) => name === "limit");
    expect(limit).toEqual({
      name: "limit",
      in: "query",
      required: false,
      description: "Items per page.",
      schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
    });
    const key = paths["/api/accounts/{id}/replies"]?.["post"]?.parameters.find(({ in: where }) => where === "header");
    expect(key).toMatchObject({ name: "Idempotency-Key", required: true });
    expect(components.schemas["Connection"]).toMatchObject({
      required: ["platform", "login", "accessToken"],
      additionalProperties: false,
      properties: { tokenExpiresAt: { type: "integer" }, platform: { enum: ["instagram", "page"] } },
    });
    const put = paths["/api/accounts/{id}/automations"]?.["put"]?.requestBody?.content["application/json"]?.schema;
    expect(put).toMatchObject({
      anyOf: [
        {
          type: "object",
          required: ["items"],
          properties: { items: { items: { $ref: "#/components/schemas/Automation" } } },
        },
        { type: "array", items: { $ref: "#/components/schemas/Automation" } },
      ],
    });
  });

  it("lists every code under its status", async () => {
    const description = await described();
    const bySpecification = new Map<string, string>();
    for (const [route, { responses }] of operations(description)) {
      for (const [status, response] of Object.entries(responses)) {
        for (const [, code = ""] of response.description.matchAll(/`([a-z_]+)`/g)) {
          bySpecification.set(code, status);
          expect(response.content?.["application/json"]?.schema, route).toEqual({ $ref: "#/components/schemas/Error" });
        }
      }
    }
    // This code belongs to no described route: it is for a route without that method.
    const { method_not_allowed: _method, ...codes } = PROBLEM_STATUS;
    expect(Object.fromEntries(bySpecification)).toEqual(
      Object.fromEntries(Object.entries(codes).map(([code, status]) => [code, String(status)])),
    );
  });

  it("has no access token in any response", async () => {
    const { components } = await described();
    const withToken = Object.entries(components.schemas).filter(([, schema]) =>
      JSON.stringify(schema).includes("accessToken"),
    );
    expect(withToken.map(([name]) => name)).toEqual(["Connection"]);
    const answers = ENDPOINTS.map(({ answer }) => JSON.stringify(answer));
    expect(answers.filter((answer) => answer.includes("accessToken"))).toEqual([]);
  });
});
