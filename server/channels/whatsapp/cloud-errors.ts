/** What a code of WhatsApp means, in an answer and in a report alike; `cure` says what to do. */
export interface CloudMeaning {
  kind: "retry" | "throttle" | "rejected" | "left" | "halted" | "misconfigured";
  cure?: string;
  afterMs?: number;
  isUnreachable?: true;
}

const minuteMs = 60_000;

const token = "Make a new access token of a system user at Meta, and change the account.";
const rights = "Give the system user whatsapp_business_messaging and whatsapp_business_management at Meta.";
const locked = "Meta restricts the business; look into WhatsApp Manager.";
const fill = "Fetch the templates again, and fill in what it has now.";
const busy: CloudMeaning = { kind: "retry" };
const rejected: CloudMeaning = { kind: "rejected" };

/** Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes */
const meanings: Readonly<Record<string, CloudMeaning>> = {
  0: { kind: "misconfigured", cure: token },
  190: { kind: "misconfigured", cure: token },
  3: { kind: "misconfigured", cure: rights },
  10: { kind: "misconfigured", cure: rights },
  33: { kind: "misconfigured", cure: "There is no such number at Meta; check phoneNumberId." },
  368: { kind: "misconfigured", cure: locked },
  130497: { kind: "misconfigured", cure: locked },
  131005: { kind: "misconfigured", cure: rights },
  131031: { kind: "misconfigured", cure: locked },
  131037: { kind: "misconfigured", cure: "The display name of the number has to be approved at Meta first." },
  131042: { kind: "misconfigured", cure: "Set up a payment method in WhatsApp Manager." },
  131045: { kind: "misconfigured", cure: "Register the number in WhatsApp Manager again." },
  131063: { kind: "misconfigured", cure: "Marketing templates are turned off for this number at Meta." },
  131064: { kind: "misconfigured", cure: "Meta has cut the messaging limit; look into WhatsApp Manager." },
  133010: { kind: "misconfigured", cure: "Register the number in WhatsApp Manager." },
  133016: { kind: "misconfigured", cure: "The number was registered too often; try again after three days." },

  4: { kind: "throttle", afterMs: minuteMs },
  80007: { kind: "throttle", afterMs: minuteMs },
  130429: { kind: "throttle" },
  131048: {
    ...{ kind: "throttle", afterMs: 60 * minuteMs },
    cure: "People blocked the number or called it spam, so that Meta lets little through; look at its quality in WhatsApp Manager.",
  },
  132069: { kind: "throttle", afterMs: minuteMs },

  ...{ 1: busy, 2: busy, 131000: busy, 131016: busy, 135000: busy },
  131057: { kind: "retry", afterMs: minuteMs },
  // One message to the same phone every 6 s; what goes again waits longer each time.
  131056: { kind: "retry", afterMs: 6_000 },

  131026: {
    ...{ kind: "rejected", isUnreachable: true },
    cure: "The phone is not on WhatsApp, or has an old one, or has not agreed to its terms.",
  },
  131047: {
    kind: "rejected",
    cure: "More than 24 hours have passed since the receiver wrote; send a template.",
  },
  131049: {
    kind: "rejected",
    cure: "Meta held it back: the receiver gets a lot of marketing. Wait a day before another try.",
  },
  130472: { kind: "rejected", cure: "Meta holds marketing back from this phone for an experiment." },
  131030: {
    kind: "rejected",
    cure: "A number for tests writes to phones that are on its list at Meta only.",
  },
  131062: { kind: "rejected", cure: "This message needs a phone; WhatsApp's own id is not enough for it." },
  131053: { kind: "rejected", cure: "WhatsApp could not fetch the picture, video or document." },
  132005: { kind: "rejected", cure: "The text is too long with its values." },
  132018: { kind: "rejected", cure: "A value has a line break, a tab or more than four blanks in it." },
  ...{ 100: rejected, 131008: rejected, 131009: rejected, 131021: rejected, 131051: rejected },
  ...{ 131052: rejected, 132007: rejected, 132008: rejected, 132012: rejected, 137000: rejected },

  131050: { kind: "left", cure: "The receiver has stopped marketing of this business in WhatsApp." },

  132000: { kind: "halted", cure: `The template takes another number of values. ${fill}` },
  132001: {
    kind: "halted",
    cure: "The template is not there in this language, or not approved. Fetch the templates again.",
  },
  132015: { kind: "halted", cure: "Meta has paused the template for its quality; edit it or wait." },
  132016: { kind: "halted", cure: "Meta has disabled the template for its quality; use another one." },
  132068: { kind: "halted", cure: "The flow of the template is blocked; mend it in WhatsApp Manager." },
};

/** Null for a code that we do not know. */
export function meaningOfCloud(code: string, subcode = ""): CloudMeaning | null {
  // "Unsupported request": the object in the address is not there, or not for this token.
  if (code === "100" && subcode === "33") return meanings[33] ?? null;
  const number = Number(code);
  if (number >= 200 && number <= 299) return { kind: "misconfigured", cure: rights };
  return Object.hasOwn(meanings, code) ? (meanings[code] ?? null) : null;
}
