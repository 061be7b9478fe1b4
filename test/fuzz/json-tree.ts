/**
 * JSON as a tree of tokens. Numbers, strings and keys keep their exact text, and an object may have a key twice. So a
 * mutation can write JSON that `JSON.stringify` never would.
 */
export type JsonNode = JsonBranch | JsonToken;
export type JsonBranch = JsonObjectNode | JsonArrayNode;

export interface JsonObjectNode {
  type: "object";
  members: JsonMember[];
}

export interface JsonArrayNode {
  type: "array";
  items: JsonNode[];
}

/** A scalar, or any text in place of a value. */
export interface JsonToken {
  type: "token";
  text: string;
}

export interface JsonMember {
  /** With its quotes. */
  key: string;
  value: JsonNode;
}

export const token = (text: string): JsonToken => ({ type: "token", text });
export const textToken = (text: string): JsonToken => token(JSON.stringify(text));

const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"{}[\]:,]+|[{}[\]:,]/gs;

/** @param text valid JSON, such as the corpus */
export function parseTree(text: string): JsonNode {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  const value = (): JsonNode => {
    const first = tokens[at++] ?? "";
    if (first === "{") {
      const members: JsonMember[] = [];
      while (tokens[at] !== "}") {
        const key = tokens[at] ?? "";
        at += 2;
        members.push({ key, value: value() });
        if (tokens[at] === ",") at++;
      }
      at++;
      return { type: "object", members };
    }
    if (first === "[") {
      const items: JsonNode[] = [];
      while (tokens[at] !== "]") {
        items.push(value());
        if (tokens[at] === ",") at++;
      }
      at++;
      return { type: "array", items };
    }
    return token(first);
  };
  return value();
}

export function printTree(node: JsonNode): string {
  switch (node.type) {
    case "token":
      return node.text;
    case "array":
      return `[${node.items.map(printTree).join(",")}]`;
    case "object":
      return `{${node.members.map(({ key, value }) => `${key}:${printTree(value)}`).join(",")}}`;
  }
}

export function copyTree(node: JsonNode): JsonNode {
  switch (node.type) {
    case "token":
      return { ...node };
    case "array":
      return { type: "array", items: node.items.map(copyTree) };
    case "object":
      return { type: "object", members: node.members.map(({ key, value }) => ({ key, value: copyTree(value) })) };
  }
}

/** A place in a tree: its node, and a function to replace it. */
export interface Place {
  node: JsonNode;
  /** The key of this place, without quotes; empty in arrays and at the root. */
  name: string;
  replace(node: JsonNode): void;
}

/** Every place of a tree except its root. */
export function placesOf(root: JsonNode): Place[] {
  const places: Place[] = [];
  const walk = (node: JsonNode): void => {
    if (node.type === "array") {
      for (const [index, item] of node.items.entries()) {
        places.push({ node: item, name: "", replace: (other) => void (node.items[index] = other) });
        walk(item);
      }
    } else if (node.type === "object") {
      for (const member of node.members) {
        const replace = (other: JsonNode): void => void (member.value = other);
        places.push({ node: member.value, name: member.key.slice(1, -1), replace });
        walk(member.value);
      }
    }
  };
  walk(root);
  return places;
}

/** Every object and array of a tree, its root included. */
export function branchesOf(root: JsonNode): JsonBranch[] {
  const branches = placesOf(root)
    .map(({ node }) => node)
    .filter((node) => node.type !== "token");
  return root.type === "token" ? branches : [root, ...branches];
}

/** The member of an object by its unescaped name. */
export function memberOf(node: JsonNode | undefined, name: string): JsonMember | undefined {
  return node?.type === "object" ? node.members.find(({ key }) => key === `"${name}"`) : undefined;
}
