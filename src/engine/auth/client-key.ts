import { bytesToHex } from "@noble/hashes/utils.js";

/**
 * The client that a token attempt is counted for: the caller's IP address, hashed with the admin token, so that no
 * address is stored. An IPv6 customer has a whole /64 (RFC 6177), so a /64 counts as one client.
 */
export async function clientKey(request: Request, adminToken: string): Promise<string> {
  const address = request.headers.get("CF-Connecting-IP") ?? "unknown";
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(adminToken), algorithm, false, ["sign"]);
  const hash = await crypto.subtle.sign("HMAC", key, encoder.encode(networkOf(address)));
  return bytesToHex(new Uint8Array(hash).slice(0, 16));
}

/** The full IPv4 address, or the first 64 bits of an IPv6 address. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.toLowerCase().split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const missing = 8 - groups(head).length - groups(tail).length;
  const filler = address.includes("::") ? Array.from({ length: Math.max(0, missing) }, () => "0") : [];
  const all = [...groups(head), ...filler, ...groups(tail)];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
