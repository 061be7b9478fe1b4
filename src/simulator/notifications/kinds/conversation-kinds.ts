import {
  handover,
  optin,
  policyEnforcement,
  postback,
  referral,
  responseFeedback,
  type ThreadControl,
} from "../conversation-notifications.ts";
import { echo, message, midOf, standby } from "../message-notifications.ts";
import { personId as newPersonId } from "../meta-ids.ts";
import {
  flag,
  option,
  UsageError,
  present,
  type OptionValues,
  type Kind,
  type NotificationContext,
} from "./notification-kind.ts";
import { REFERRAL_OPTIONS, referralFrom } from "./referral-options.ts";

/** Another app of the same account, for handovers and standby. */
const OTHER_APP = "2237740916658013";

const postbackKind: Kind = {
  name: "postback",
  summary: "a person tapped a button, an icebreaker or the menu",
  example: "postback --title Prices --payload PRICES",
  options: {
    title: option("the button's title"),
    payload: option("the button's payload"),
    mid: option("the message's id"),
    self: flag("tapped by the account itself (Instagram)"),
    ...REFERRAL_OPTIONS,
  },
  make(context, values) {
    const self = values.flag("self");
    return postback(
      {
        ...context,
        title: values.text("title") ?? "Show me prices",
        payload: values.text("payload") ?? "PRICES",
        isSelf: self,
        ...present({
          mid: values.text("mid"),
          referral: referralFrom(context, values),
          personId: self ? newPersonId(context.random) : undefined,
        }),
      },
      context,
    );
  },
};

function threadControl(context: NotificationContext, values: OptionValues): ThreadControl {
  const kind = values.oneOf("control", ["pass", "take", "request", "roles"] as const) ?? "pass";
  const metadata = values.text("metadata") ?? "handover";
  switch (kind) {
    case "pass":
      return { kind, previousOwner: OTHER_APP, newOwner: values.text("app") ?? context.appId, metadata };
    case "take":
      return {
        kind,
        previousOwner: values.flag("idle") ? null : OTHER_APP,
        newOwner: values.text("app") ?? context.appId,
        metadata,
      };
    case "request":
      return { kind, requestedOwner: values.text("app") ?? OTHER_APP, metadata };
    case "roles":
      return { kind, appId: values.text("app") ?? context.appId, roles: ["primary_receiver"] };
  }
}

export const CONVERSATION_KINDS: readonly Kind[] = [
  postbackKind,
  {
    name: "referral",
    summary: "a person came through an ig.me or m.me link (--ref) or an ad (--ad)",
    example: "referral --ref newsletter-44",
    options: REFERRAL_OPTIONS,
    make(context, values) {
      const from = referralFrom(context, values);
      if (from === undefined) throw new UsageError("use --ref or --ad to say where the person came from");
      return referral({ ...context, referral: from }, context);
    },
  },
  {
    name: "optin",
    summary: "a person agreed to marketing messages, or used a plugin (--ref)",
    example: 'optin --title "Launch updates"',
    options: {
      ref: option("the ref of the Send to Messenger plugin"),
      title: option("the title of the request"),
      payload: option("the payload of the request"),
      token: option("the notification token"),
    },
    make(context, values) {
      const ref = values.text("ref");
      if (ref !== undefined) return optin({ ...context, ref }, context);
      return optin(
        {
          ...context,
          title: values.text("title") ?? "Launch updates",
          payload: values.text("payload") ?? "LAUNCH_LIST",
          token: values.text("token") ?? newPersonId(context.random),
          timezone: "Europe/Oslo",
        },
        context,
      );
    },
  },
  {
    name: "handover",
    summary: "another app gets the thread: --control pass, take, request or roles",
    example: "handover --control take",
    options: {
      control: option("pass, take, request or roles"),
      app: option("the app that gets the thread, or that is asked for it"),
      metadata: option("a text from one app to the other"),
      idle: flag("no app had the thread before"),
    },
    make: (context, values) => handover({ ...context, control: threadControl(context, values) }, context),
  },
  {
    name: "standby",
    summary: "a message in a thread that another app controls; --echo for that app's reply",
    example: 'standby --text "anyone there?"',
    options: { text: option("the text"), mid: option("the message's id"), echo: flag("the other app's reply") },
    make(context, values) {
      const rest = present({ mid: values.text("mid") });
      const text = values.text("text") ?? "anyone there?";
      return standby(
        values.flag("echo")
          ? echo({ ...context, text, appId: OTHER_APP, ...rest }, context)
          : message({ ...context, text, ...rest }, context),
      );
    },
  },
  {
    name: "feedback",
    summary: "a person rates an automated reply: thumbs up, or down (--bad)",
    example: "feedback --bad",
    options: { bad: flag("thumbs down"), mid: option("the reply's id") },
    make: (context, values) =>
      responseFeedback(
        { ...context, good: !values.flag("bad"), mid: values.text("mid") ?? midOf(context.platform, context.random) },
        context,
      ),
  },
  {
    name: "policy",
    summary: "Meta acts against the account: --action warning, block or unblock",
    example: "policy --action block",
    options: { action: option("warning, block or unblock"), reason: option("Meta's reason") },
    make(context, values) {
      const action = values.oneOf("action", ["warning", "block", "unblock"] as const) ?? "block";
      const reason = values.text("reason") ?? (action === "unblock" ? undefined : "A sample reason.");
      return policyEnforcement({ ...context, action, ...present({ reason }) }, context);
    },
  },
];
