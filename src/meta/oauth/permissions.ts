/**
 * The permissions that a login requests, and the purpose of each. The login, the result page and the doctor use this
 * table. docs/app-review.md has the same information for Meta's reviewers.
 * https://developers.facebook.com/docs/permissions
 */
import type { Login, Platform } from "../graph/request.ts";

export interface Permission {
  name: string;
  /** What the permission allows an account of this platform to do; absent if the platform does not use it. */
  for: Partial<Record<Platform, { gives: string; required: boolean }>>;
}

const INSTAGRAM_LOGIN: readonly Permission[] = [
  {
    name: "instagram_business_basic",
    for: { instagram: { gives: "Know the account, receive its events, renew its token", required: true } },
  },
  {
    name: "instagram_business_manage_comments",
    for: { instagram: { gives: "Receive comments and answer them, in public and privately", required: false } },
  },
  {
    name: "instagram_business_manage_messages",
    for: { instagram: { gives: "Receive messages and answer them", required: false } },
  },
];

const PAGE_REQUIRED = (gives: string): Permission["for"] => ({
  page: { gives, required: true },
  instagram: { gives, required: true },
});

const FACEBOOK_LOGIN: readonly Permission[] = [
  { name: "pages_show_list", for: PAGE_REQUIRED("List your Pages, so that you can choose") },
  { name: "pages_manage_metadata", for: PAGE_REQUIRED("Subscribe to the Page's events") },
  { name: "pages_read_engagement", for: PAGE_REQUIRED("Read the Page's posts and their comments") },
  {
    name: "pages_messaging",
    for: {
      page: { gives: "Receive the Page's messages and answer them", required: false },
      // Meta's page about private replies of an Instagram account behind a Page lists it with instagram_manage_comments.
      instagram: {
        gives: "Send private replies and messages as the Instagram account behind the Page",
        required: false,
      },
    },
  },
  {
    name: "pages_manage_engagement",
    for: { page: { gives: "Answer comments on the Page in public", required: false } },
  },
  { name: "instagram_basic", for: { instagram: { gives: "Know the linked Instagram account", required: true } } },
  {
    name: "instagram_manage_comments",
    for: { instagram: { gives: "Receive the Instagram account's comments and answer them", required: false } },
  },
  {
    name: "instagram_manage_messages",
    for: { instagram: { gives: "Receive the Instagram account's messages and answer them", required: false } },
  },
];

/** All permissions that this login requests, for Instagram accounts and Pages. */
export const permissionsOf = (login: Login): readonly Permission[] =>
  login === "instagram" ? INSTAGRAM_LOGIN : FACEBOOK_LOGIN;

/** The names, for the `scope` of an authorize URL. */
export const scopesOf = (login: Login): string[] => permissionsOf(login).map(({ name }) => name);

export interface PermissionState {
  name: string;
  gives: string;
  required: boolean;
  granted: boolean;
}

/** Each permission that an account of this kind uses, and whether it was granted. */
export function permissionStates(login: Login, platform: Platform, granted: readonly string[]): PermissionState[] {
  return permissionsOf(login).flatMap((permission) => {
    const use = permission.for[platform];
    return use === undefined ? [] : [{ name: permission.name, ...use, granted: granted.includes(permission.name) }];
  });
}
