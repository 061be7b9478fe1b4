import {
  handover,
  optin,
  policyEnforcement,
  postback,
  referral,
  responseFeedback,
} from "../conversation-notifications.ts";
import type { ThreadControl } from "../conversation-notifications.ts";
import { echo, message, midOf, standby } from "../message-notifications.ts";
import { personId as newPersonId } from "../meta-ids.ts";
import { flag, option, OptionError, present } from "./notification-kind.ts";
import type { Given, Kind, Scene } from "./notification-kind.ts";
import { REFERRAL_OPTIONS, referralFrom } from "./referral-options.ts";

/** Another app on the same account, for handovers and standby. */
const OTHER_APP = "2237740916658013";

const postbackKind: Kind = {
  name: "postback",
  summary: "a button, an icebreaker or the menu was tapped",
  example: "postback --title Prices --payload PRICES",
  options: {
    title: option("the button's title"),
    payload: option("the button's payload"),
    mid: option("the message's id"),
    self: flag("by the account itself (Instagram)"),
    ...REFERRAL_OPTIONS,
  },
  make(scene, given) {
    const self = given.flag("self");
    return postback(
      {
        ...scene,
        title: given.text("title") ?? "Show me prices",
        payload: given.text("payload") ?? "PRICES",
        isSelf: self,
        ...present({
          mid: given.text("mid"),
          referral: referralFrom(scene, given),
          personId: self ? newPersonId(scene.random) : undefined,
        }),
      },
      scene,
    );
  },
};

function threadControl(scene: Scene, given: Given): ThreadControl {
  const kind = given.oneOf("control", ["pass", "take", "request", "roles"] as const) ?? "pass";
  const metadata = given.text("metadata") ?? "handover";
  switch (kind) {
    case "pass":
      return { kind, previousOwner: OTHER_APP, newOwner: given.text("app") ?? scene.appId, metadata };
    case "take":
      return {
        kind,
        previousOwner: given.flag("idle") ? null : OTHER_APP,
        newOwner: given.text("app") ?? scene.appId,
        metadata,
      };
    case "request":
      return { kind, requestedOwner: given.text("app") ?? OTHER_APP, metadata };
    case "roles":
      return { kind, appId: given.text("app") ?? scene.appId, roles: ["primary_receiver"] };
  }
}

export const CONVERSATION_KINDS: readonly Kind[] = [
  postbackKind,
  {
    name: "referral",
    summary: "a person came by an ig.me or m.me link (--ref), or by an ad (--ad)",
    example: "referral --ref newsletter-44",
    options: REFERRAL_OPTIONS,
    make(scene, given) {
      const from = referralFrom(scene, given);
      if (from === undefined) throw new OptionError("--ref or --ad says where the person came from");
      return referral({ ...scene, referral: from }, scene);
    },
  },
  {
    name: "optin",
    summary: "a person agreed to marketing messages, or used a plugin (--ref)",
    example: 'optin --title "Launch updates"',
    options: {
      ref: option("ref of the Send to Messenger plugin"),
      title: option("title of the request"),
      payload: option("payload of the request"),
      token: option("the notification token"),
    },
    make(scene, given) {
      const ref = given.text("ref");
      if (ref !== undefined) return optin({ ...scene, ref }, scene);
      return optin(
        {
          ...scene,
          title: given.text("title") ?? "Launch updates",
          payload: given.text("payload") ?? "LAUNCH_LIST",
          token: given.text("token") ?? newPersonId(scene.random),
          timezone: "Europe/Oslo",
        },
        scene,
      );
    },
  },
  {
    name: "handover",
    summary: "the thread changes hands: --control pass, take, request or roles",
    example: "handover --control take",
    options: {
      control: option("pass, take, request or roles"),
      app: option("the app that gets or is asked for the thread"),
      metadata: option("what the apps tell each other"),
      idle: flag("nobody had the thread before"),
    },
    make: (scene, given) => handover({ ...scene, control: threadControl(scene, given) }, scene),
  },
  {
    name: "standby",
    summary: "a message in a thread that another app has; --echo for that app's answer",
    example: 'standby --text "anyone there?"',
    options: { text: option("what it says"), mid: option("the message's id"), echo: flag("the other app's answer") },
    make(scene, given) {
      const rest = present({ mid: given.text("mid") });
      const text = given.text("text") ?? "anyone there?";
      return standby(
        given.flag("echo")
          ? echo({ ...scene, text, appId: OTHER_APP, ...rest }, scene)
          : message({ ...scene, text, ...rest }, scene),
      );
    },
  },
  {
    name: "feedback",
    summary: "thumbs up under an automated answer, or down (--bad)",
    example: "feedback --bad",
    options: { bad: flag("thumbs down"), mid: option("the answer's id") },
    make: (scene, given) =>
      responseFeedback(
        { ...scene, good: !given.flag("bad"), mid: given.text("mid") ?? midOf(scene.platform, scene.random) },
        scene,
      ),
  },
  {
    name: "policy",
    summary: "Meta acts against the account: --action warning, block or unblock",
    example: "policy --action block",
    options: { action: option("warning, block or unblock"), reason: option("the reason given") },
    make(scene, given) {
      const action = given.oneOf("action", ["warning", "block", "unblock"] as const) ?? "block";
      const reason = given.text("reason") ?? (action === "unblock" ? undefined : "A sample reason.");
      return policyEnforcement({ ...scene, action, ...present({ reason }) }, scene);
    },
  },
];
