/**
 * The address of an invite: its id, 128 random bits. The Directory knows whether the invite exists and is still valid.
 * Invites survive key rotation: no key is part of the address.
 */
import { base64url } from "jose";

const ID_BYTES = 16;

/** An earlier version wrote an end and a signature behind the id. Such links are out there; the id says it all. */
const FORM = /^([A-Za-z0-9_-]{22})(?:\.[0-9a-z]{8,9}\.[A-Za-z0-9_-]{43})?$/;

/** 128 random bits in base64url. */
export const newInviteId = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(ID_BYTES)));

export const inviteUrl = (origin: string, inviteId: string): string => `${origin}/connect/invite/${inviteId}`;

/** The invite's id; null: this can be none of ours, and nothing is looked up for it. */
export const readInviteToken = (token: string): string | null => FORM.exec(token)?.[1] ?? null;
