/** JSON text laid out for reading. Never parsed as a whole: a number with many digits must stay as Meta wrote it. */

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The text with line breaks and indentation; strings with their escapes resolved. As it is where it is no JSON. */
export function prettyJson(raw: string): string {
  try {
    JSON.parse(raw);
  } catch {
    return raw;
  }
  let depth = 0;
  let out = "";
  let previous = "";
  const indent = (): string => `\n${"  ".repeat(depth)}`;
  for (const [token] of raw.matchAll(TOKENS)) {
    const opened = previous === "{" || previous === "[";
    if (token === "}" || token === "]") {
      depth--;
      out += opened ? token : indent() + token;
    } else {
      if (opened || previous === ",") out += indent();
      if (token === ":") out += ": ";
      else out += token.startsWith('"') ? JSON.stringify(JSON.parse(token) as string) : token;
      if (token === "{" || token === "[") depth++;
    }
    previous = token;
  }
  return out;
}
