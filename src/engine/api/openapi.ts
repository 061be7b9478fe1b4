/** `GET /api/openapi.json`: OpenAPI 3.1, from the schemas that check the requests. https://spec.openapis.org/oas/v3.1.1 */
import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { type Endpoint, TAGS } from "./endpoint.ts";
import { headerName } from "./issues.ts";
import { PROBLEM_STATUS, type ProblemCode } from "./problem.ts";
import { accountDetail, accountItem, connection, profile } from "../../api/account.ts";
import { automation, backtest, decision, messageContent } from "../../api/automation.ts";
import { eventItem } from "../../api/event.ts";
import { deadLetter, quarantineItem } from "../../api/failed-events.ts";
import { newReply, replyItem } from "../../api/reply.ts";
import { settings, settingsPart } from "../../api/settings.ts";

const errorBody = v.object({
  error: v.object({
    code: v.picklist(Object.keys(PROBLEM_STATUS) as ProblemCode[]),
    message: v.string(),
    fields: v.exactOptional(
      v.array(
        v.object({
          field: v.pipe(v.string(), v.description("Path, such as automations[2].trigger.keywords.")),
          message: v.string(),
        }),
      ),
    ),
  }),
});

/** Named schemas under `components`. */
const COMPONENTS = {
  AccountItem: accountItem,
  AccountDetail: accountDetail,
  Profile: profile,
  Connection: connection,
  Automation: automation,
  MessageContent: messageContent,
  Decision: decision,
  Backtest: backtest,
  Event: eventItem,
  Reply: replyItem,
  NewReply: newReply,
  Settings: settings,
  SettingsPart: settingsPart,
  QuarantineItem: quarantineItem,
  DeadLetter: deadLetter,
  Error: errorBody,
} as const satisfies Record<string, v.GenericSchema>;

/** Error codes of every endpoint. */
const ALWAYS: readonly ProblemCode[] = [
  "unauthorized",
  "too_many_attempts",
  "cross_site",
  "internal",
  "misconfigured",
  "unavailable",
];
const WITH_BODY: readonly ProblemCode[] = ["malformed_json", "too_large", "unsupported_media_type"];

type Json = Record<string, unknown>;

/** Returns the OpenAPI description as JSON. */
export function describeApi(endpoints: readonly Endpoint[]): Json {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:([A-Za-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: describeEndpoint(endpoint) };
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Replyline",
      version: "1",
      description:
        "Times are milliseconds since the epoch. Ids are strings. Lists return one page and a `nextCursor`. Pass it as `cursor` for the next page.",
    },
    servers: [{ url: "/" }],
    security: [{ adminToken: [] }, { cloudflareAccess: [] }],
    tags: TAGS.map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        adminToken: { type: "http", scheme: "bearer", description: "The secret ADMIN_TOKEN." },
        cloudflareAccess: {
          type: "apiKey",
          in: "header",
          name: "Cf-Access-Jwt-Assertion",
          description: "Added by Cloudflare Access, if ACCESS_TEAM_DOMAIN and ACCESS_AUD are set.",
        },
      },
      schemas: Object.fromEntries(Object.entries(COMPONENTS).map(([name, schema]) => [name, jsonSchema(schema, name)])),
    },
  };
}

function describeEndpoint(endpoint: Endpoint): Json {
  const { name, tag, summary, description, params, query, headers, body } = endpoint;
  return {
    operationId: name,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    parameters: [...parameters(params, "path"), ...parameters(query, "query"), ...parameters(headers, "header")],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: jsonContent(endpoint.bodyShape ?? body) } }),
    responses: { ...answerOf(endpoint), ...problemsOf(endpoint) },
  };
}

function answerOf({ answer }: Endpoint): Json {
  if (answer.status === 204) return { 204: { description: "No content." } };
  const headers = Object.entries(answer.headers ?? {}).map(([header, description]) => [
    header,
    { description, schema: { type: "string" } },
  ]);
  return {
    [answer.status]: {
      description: answer.status === 201 ? "Created." : "OK.",
      ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as Json }),
      content: jsonContent(answer.schema),
    },
  };
}

/** One response per status. Its description lists the codes. */
function problemsOf({ problems, params, query, headers, body }: Endpoint): Json {
  const checked = params ?? query ?? headers ?? body;
  const codes = new Set<ProblemCode>([
    ...(checked === undefined ? [] : (["invalid"] as const)),
    ...(body === undefined ? [] : WITH_BODY),
    ...problems,
    ...ALWAYS,
  ]);
  const byStatus = Object.groupBy(codes, (code) => String(PROBLEM_STATUS[code]));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, group = []]) => [
      status,
      { description: group.map((code) => `\`${code}\``).join(", "), content: jsonContent(errorBody) },
    ]),
  );
}

function parameters(schema: v.GenericSchema | undefined, where: "path" | "query" | "header"): Json[] {
  if (schema === undefined) return [];
  // `output`: query strings that are parsed as numbers or booleans are described as such.
  const { properties = {}, required = [] } = convert(schema, { typeMode: "output" }) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name: where === "header" ? headerName(name) : name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    // The schema's default is a string as in the URL. The description shows it as a number.
    schema: rest["type"] === "integer" && "default" in rest ? { ...rest, default: Number(rest["default"]) } : rest,
  }));
}

function jsonContent(schema: v.GenericSchema): Json {
  return { "application/json": { schema: jsonSchema(schema, null) } };
}

/**
 * @param named the name of the component to describe; null: a schema without a name. Both use references to components.
 */
function jsonSchema(schema: v.GenericSchema, named: string | null): Json {
  const { [named ?? ""]: _itself, ...definitions } = COMPONENTS as Record<string, v.GenericSchema>;
  return convert(schema, {
    typeMode: "input",
    definitions: definitions,
    overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  });
}

function convert(schema: v.GenericSchema, config: ConversionConfig): Json {
  const {
    $schema: _dialect,
    $defs: _definitions,
    ...json
  } = toJsonSchema(schema, {
    target: "draft-2020-12",
    // These checks have no JSON Schema form. Their error message describes them.
    ignoreActions: ["check", "raw_check", "readonly"],
    ...config,
  }) as Json;
  return json;
}
