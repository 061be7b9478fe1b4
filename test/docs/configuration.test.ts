import { describe, expect, it } from "vitest";
import { read, section, tableRows } from "./pages.ts";

const receiver = read("wrangler.toml");
const engine = read("wrangler.engine.toml");
const rows = tableRows(section(read("README.md"), "## Configuration")).flatMap(([names = "", where = "", value = ""]) =>
  [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => ({ name, where, value: value.replaceAll("`", "") })),
);

/** What a wrangler file sets a variable to; null: it does not. */
const setting = (file: string, name: string): string | null =>
  new RegExp(`^${name} = "([^"]*)"`, "m").exec(file)?.[1] ?? null;

/** A variable that a Worker reads, and that its wrangler file leaves out. */
const isOptionalOf = (worker: "receiver" | "engine", name: string): boolean =>
  read(`src/${worker}/env.ts`).includes(`  ${name}?: string;`);

const isSecretOf = (file: string, name: string): boolean =>
  (/^required = \[([^\]]*)\]/m.exec(file)?.[1] ?? "").includes(`"${name}"`);

describe("the README's configuration", () => {
  it("has all secrets that the Workers require", () => {
    const listed = rows.filter(({ where }) => where.startsWith("secret")).map(({ name }) => name);
    const required = [receiver, engine].flatMap((file) =>
      [...(/^required = \[([^\]]*)\]/m.exec(file)?.[1] ?? "").matchAll(/"(\w+)"/g)].map(([, name = ""]) => name),
    );
    expect(listed.toSorted()).toEqual([...new Set(required)].toSorted());
  });

  it.each(rows)("says where $name is", ({ name, where }) => {
    const secretOf = [isSecretOf(receiver, name), isSecretOf(engine, name)];
    const variableOf = [
      setting(receiver, name) !== null || isOptionalOf("receiver", name),
      setting(engine, name) !== null || isOptionalOf("engine", name),
    ];
    const actual = secretOf.includes(true) ? [...secretOf, "secret"] : [...variableOf, "variable"];
    const said: Record<string, [boolean, boolean, string]> = {
      "secret, both": [true, true, "secret"],
      "secret, receiver": [true, false, "secret"],
      "secret, engine": [false, true, "secret"],
      "`wrangler.toml`": [true, false, "variable"],
      "`wrangler.engine.toml`": [false, true, "variable"],
    };
    expect(said[where]).toEqual(actual);
  });

  it.each(rows.filter(({ value }) => /^(?:\d+|off|v[\d.]+)$/.test(value)))(
    "has the default $value of $name",
    ({ name, where, value }) => {
      expect(setting(where === "`wrangler.toml`" ? receiver : engine, name)).toBe(value);
    },
  );
});

it(".nvmrc names the Node version that the npm scripts run with", () => {
  const { devDependencies } = JSON.parse(read("package.json")) as { devDependencies: { node: string } };
  expect(read(".nvmrc").trim()).toBe(devDependencies.node);
});

it("the changelog's newest release is the version of package.json", () => {
  const { version } = JSON.parse(read("package.json")) as { version: string };
  expect(/^## \[(\d[^\]]*)\]/m.exec(read("CHANGELOG.md"))?.[1]).toBe(version);
});

it("CONTRIBUTING.md gives a reason for every dependency", () => {
  const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<string, object>;
  const reasons = section(read("CONTRIBUTING.md"), "## Dependencies");
  const named = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !reasons.includes(`\`${name}\``));
  expect(named).toEqual([]);
});
