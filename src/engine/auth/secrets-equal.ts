/**
 * Compares in constant time. Both sides are hashed first: `timingSafeEqual` throws on unequal lengths, and the digests
 * hide how long the secret is (https://developers.cloudflare.com/workers/examples/protect-against-timing-attacks/).
 */
export async function secretsEqual(given: string, expected: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const [left, right] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(given)),
    crypto.subtle.digest("SHA-256", encoder.encode(expected)),
  ]);
  return crypto.subtle.timingSafeEqual(left, right);
}
