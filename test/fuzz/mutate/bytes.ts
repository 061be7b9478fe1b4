/** Mutations of bytes, independent of JSON. */
import type { Random } from "../random.ts";

/** Bytes with a meaning in JSON are drawn more often. */
const STRUCTURE = Buffer.from('{}[]:,"\\ \n0-e');

export function mutateBytes(body: Buffer, random: Random): Buffer {
  let bytes = body;
  for (let n = random.int(1, 6); n > 0; n--) {
    const at = random.int(0, bytes.length);
    const length = Math.min(bytes.length - at, random.int(1, random.chance(0.2) ? 64 : 4));
    const before = bytes.subarray(0, at);
    switch (random.int(0, 5)) {
      case 0:
        bytes = Buffer.concat([before, bytes.subarray(at + length)]);
        break;
      case 1:
        bytes = Buffer.concat([before, Buffer.from([drawByte(random)]), bytes.subarray(at)]);
        break;
      case 2:
        bytes = Buffer.from(bytes);
        if (at < bytes.length) bytes[at] = drawByte(random);
        break;
      case 3:
        bytes = Buffer.from(bytes);
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(0, 7));
        break;
      case 4:
        bytes = Buffer.concat([before, bytes.subarray(at, at + length), bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(at), before]);
    }
  }
  return bytes;
}

export const truncate = (body: Buffer, random: Random): Buffer => body.subarray(0, random.int(0, body.length));

export function garbage(random: Random, canary: string): Buffer {
  switch (random.int(0, 4)) {
    case 0:
      return Buffer.alloc(0);
    case 1:
      return Buffer.from(Array.from({ length: random.int(1, 300) }, () => random.int(0, 255)));
    case 2:
      return Buffer.from(Array.from({ length: random.int(1, 300) }, () => STRUCTURE[random.int(0, 12)] ?? 0));
    case 3:
      return Buffer.from(`${canary} is not JSON`);
    default:
      return Buffer.from(
        random.pick(["null", "true", "0", '"x"', "[]", "{}", " ", "[null]", "[{}]", "[[]]", "undefined"]) ?? "",
      );
  }
}

const drawByte = (random: Random): number =>
  random.chance(0.6) ? (STRUCTURE[random.int(0, STRUCTURE.length - 1)] ?? 0) : random.int(0, 255);
