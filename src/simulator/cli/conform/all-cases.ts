/** All cases that test the responses of a receiver, in the order in which they run. */
import { BODY_CASES } from "./body-cases.ts";
import { CAPTURED_CASES } from "./captured-cases.ts";
import type { Case } from "./conform-case.ts";
import { HANDSHAKE_CASES } from "./handshake-cases.ts";
import { LOAD_CASES } from "./load-cases.ts";
import { SIGNATURE_CASES } from "./signature-cases.ts";

export const CASES: readonly Case[] = [HANDSHAKE_CASES, SIGNATURE_CASES, BODY_CASES, CAPTURED_CASES, LOAD_CASES].flat();
