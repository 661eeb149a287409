/** Texts of SMS in English: accounts of its services, how long a text is and what follows when a message is not shown. */
export const sms = {
  account: {
    credentials: "Access",
    sender: "Sender",
    reports: "Reports",
    advanced: "Advanced",
    makeToken: "Make one up",
    copyToken: "Copy it",
    wordsHint: "One a line. Blank for the usual ones.",
    fields: {
      stopWords: ["Answers that mean: no more", "Who answers with one of these gets nothing more here."],
      startWords: ["Answers that mean: go on again", "Who answers with one of these gets messages again."],
      timeoutMs: ["Time-out, milliseconds", "How long one request may take. Blank for the usual."],
      baseUrl: ["Address of the service", "Blank for the real one."],
      receiptsToken: [
        "Token of reports",
        "Reports carry it in the header x-chapar-token. Without it the address alone is the secret.",
      ],
    } as Record<string, [label: string, hint: string]>,
    own: {
      kavenegar: {
        apiKey: ["API key", "In Kavenegar’s panel under Settings. Kept encrypted, and not shown again."],
        sender: ["Line", "The number of yours that messages are sent from, such as 10004346."],
      },
      kaleyra: {
        sid: ["SID", "Under Developers → API keys, such as HXIN1700000000IN."],
        apiKey: ["API key", "On the same page. Kept encrypted, and not shown again."],
        sender: ["Sender id", "As Kaleyra has approved it, such as SHOPPR."],
        templateId: ["DLT template id", "Only in India: of the template that your texts are of."],
        baseUrl: ["Address of the service", "Blank for the real one; of a region https://api.in.kaleyra.io."],
      },
      twilio: {
        accountSid: ["Account SID", "In the Twilio console under Account info: AC and 32 hex digits."],
        authToken: ["Auth token", "On the same page. Reports are verified with it. Kept encrypted."],
        from: ["Number or name", "Such as +15551234567, or a name of up to 11 letters."],
        messagingServiceSid: ["Messaging service SID", "Under Messaging → Services: MG and 32 hex digits."],
        apiKeySid: ["API key SID", "To send with a key in place of the auth token: SK and 32 hex digits."],
        apiKeySecret: ["API key secret", "Shown once, when the key is made. Kept encrypted."],
      },
    } as Record<string, Record<string, [label: string, hint: string]>>,
    type: "What the messages are about",
    types: {
      MKT: ["Marketing", "Offers and news"],
      TXN: ["Transactions", "What somebody waits for, such as the state of an order"],
      OTP: ["Codes", "One-time passwords"],
      DEFAULT: ["Not said", "Kaleyra decides"],
    },
    sentBy: "Sent by",
    sentBys: {
      from: ["A number or name", "Always the same one"],
      service: ["A messaging service", "Twilio chooses the number"],
    },
    faults: {
      phoneId: "Digits only, as the page at Meta shows the id; it is not the phone number itself",
      line: "Digits only, such as 10004346",
      sid: "Not an SID: two letters and 32 hex digits",
      sender: "A number such as +15551234567, or a name of up to 11 letters",
      oneSender: "Give a number or name, or choose a messaging service",
      secretOfKey: "SID and secret of an API key belong together",
      version: "A version such as v25.0",
      pasted: "There is a blank or a line break in it, or a letter that keys have not: copy it again",
      shortToken: "8 characters or more, so that nobody guesses it",
    },
    guides: {
      kavenegar: {
        link: "Open Kavenegar’s panel",
        steps: [
          "Sign in to Kavenegar’s panel and open Settings → Account.",
          "Copy the API key (کلید وب سرویس) into the field.",
          "Copy the number of the line that you send from, under Lines.",
          "Save. Then give the receipts address of this page to Kavenegar, beside the line: for delivery reports and for received messages.",
        ],
        note: "Chapar also asks Kavenegar what became of a message when nobody can say whether it went out.",
      },
      kaleyra: {
        link: "Open Kaleyra",
        steps: [
          "Sign in to Kaleyra and open Developers → API keys.",
          "Copy SID and API key into the fields.",
          "Write the sender id that Kaleyra has approved for you.",
          "In India, copy the id of the DLT template that your texts are of.",
          "Save. Reports come by themselves: Chapar sends its address with every message.",
        ],
        note: "For answers such as STOP, give the receipts address of this page to Kaleyra as the webhook of incoming messages.",
      },
      twilio: {
        link: "Open the Twilio console",
        steps: [
          "Open the Twilio console. Account SID and auth token stand under Account info.",
          "Choose the number that messages are sent from, or a messaging service.",
          "Save. Reports come by themselves: Chapar sends its address with every message.",
          "For answers such as STOP, open the number under Phone numbers and paste the receipts address of this page under “A message comes in”.",
        ],
        note: "Twilio signs its reports with the auth token, so keep it here even if you send with an API key.",
      },
    },
    receipts: {
      automatic:
        "Chapar gives this address to the service with every message. For answers such as STOP, set it there as the webhook of incoming messages, too.",
      byHand: "Give this address to the service for delivery reports and for received messages.",
    },
  },
  count: {
    unicode: (letters: string, limit: string) => `${letters} makes it a Unicode SMS of ${limit} letters`,
    unicodeMany: (letters: string, limit: string) => `${letters} make it a Unicode SMS of ${limit} letters`,
    andMore: "others",
  },
  estimate: {
    title: "How many SMS",
    total: (count: number, shown: string, isAbout: boolean) =>
      `${isAbout ? "about " : ""}${count === 1 ? "1 SMS" : `${shown} SMS`}`,
    people: (count: number, shown: string) => (count === 1 ? "1 person" : `${shown} people`),
    each: (least: string, most: string) => (least === most ? `${least} each` : `${least} to ${most} each`),
    unicode: (share: string) => `${share} of them with letters outside the GSM alphabet`,
    sampled: (shown: string) => `Filled in for ${shown} of them`,
    lineOf: (people: string, total: string, each: string) => `${people}, ${total}, ${each}`,
  },
  smart: {
    title: "If it does not reach them",
    hint: "Smart sending: who misses the message gets it another way.",
    on: "Follow it up another way",
    by: "By",
    when: "When",
    policies: {
      NOTIFICATION_SHOWN: "When it was not shown in time",
      NOT_CONNECTED: "Smart: at once to whoever is not connected",
    },
    policyHints: {
      NOTIFICATION_SHOWN: "It goes to whom the message was not shown by then.",
      NOT_CONNECTED: "They get it in place of a push. Who is connected gets the message alone.",
    },
    delay: "Wait",
    delayWrong: "A number from 0; 30 days at most",
    units: { minutes: "minutes", hours: "hours", days: "days" },
    text: "Its text",
    textHint: "The text of the message if blank",
    lack: (channel: string) => `There is no account for ${channel} yet, so nobody would get it.`,
    whatsappHint: "As plain text, through an account that takes any text.",
    noPlace: (path: string) => `It cannot follow: ${path}`,
    atOnce: (channel: string) => `By ${channel} at once, to whoever is not connected`,
  },
};
