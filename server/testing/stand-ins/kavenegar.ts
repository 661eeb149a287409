import type { SeenRequest } from "./faults.ts";
import { startHttp1StandIn } from "./http1.ts";
import type { StandIn, StandInOptions } from "./log.ts";
import { createPhoneFates } from "./phone-fate.ts";
import { createReporter } from "./reports.ts";
import type { Reply } from "./wire.ts";

export interface KavenegarOptions extends StandInOptions {
  apiKey?: string;
  /** It reports by itself what became of messages, to the address that {@link KavenegarStandIn.setWebhook} gave. */
  reports?: boolean;
  /** Whether it takes the messages of a request that gets no good answer all the same; asked for each. */
  takesUnanswered?: () => boolean;
}

/** A message as it has it. */
interface KavenegarMessage {
  messageid: number;
  localid: string;
  receptor: string;
  sender: string;
  message: string;
  status: number;
}

/** Kavenegar: https://kavenegar.com/rest.html. Messages are counted by `localid`. */
export interface KavenegarStandIn extends StandIn {
  readonly credentials: { apiKey: string; sender: string };
  /** Messages that it took, by `localid`, the last one of each. */
  readonly messages: ReadonlyMap<string, KavenegarMessage>;
  /** How often each message was taken, answered or not. */
  readonly taken: ReadonlyMap<string, number>;
  setWebhook(url: string | null): void;
  /** Reports on messages by `localid`; answers the last status. */
  report(url: string, reports: readonly { localid: string; status: number }[]): Promise<number>;
  /** Says what somebody wrote to the line. */
  write(url: string, said: { from: string; message: string }): Promise<number>;
  /** Waits until it has reported everything. */
  settle(): Promise<void>;
}

const line = "10004346";
const mostMessages = 200;
const mostIds = 500;
const longestText = 900;
const statusTexts: Readonly<Record<number, string>> = {
  ...{ 1: "در صف ارسال", 4: "ارسال شده به مخابرات", 5: "ارسال شده به مخابرات", 6: "خطا در ارسال" },
  ...{ 10: "رسیده به گیرنده", 11: "نرسیده به گیرنده", 13: "لغو شده", 14: "بلاک شده", 100: "شناسه نامعتبر" },
};

export async function startKavenegarStandIn(options: KavenegarOptions = {}): Promise<KavenegarStandIn> {
  const apiKey = options.apiKey ?? "6D5A4B3C2E1F70695847362514032A1B";
  const messages = new Map<string, KavenegarMessage>();
  const taken = new Map<string, number>();
  const reporter = createReporter();
  const fateOf = createPhoneFates();
  let webhook: string | null = null;
  let lastId = 8_792_343_000;

  function take(request: SeenRequest): KavenegarMessage[] {
    const fields = listsIn(request);
    if (!fields) return [];
    return fields.receptor.map((receptor, index) => {
      const localid = fields.localmessageids[index] ?? "";
      const message = {
        ...{ messageid: ++lastId, localid, receptor, sender: fields.sender[index] ?? "" },
        ...{ message: fields.message[index] ?? "", status: fateOf(receptor) === "left" ? 14 : 1 },
      };
      messages.set(localid, message);
      taken.set(localid, (taken.get(localid) ?? 0) + 1);
      if (options.reports) reporter.follow([4, 10].map((status) => () => reportBySelf(localid, status)));
      return message;
    });
  }

  const reportBySelf = async (localid: string, status: number) =>
    webhook === null ? 0 : reportOne(webhook, localid, status);

  function reportOne(url: string, localid: string, status: number): Promise<number> {
    const message = messages.get(localid);
    if (message) message.status = status;
    const messageid = String(message?.messageid ?? localid);
    return reporter.post(url, formOf({ messageid, status: String(status) }));
  }

  function answer(request: SeenRequest): Reply | null {
    // Stands for the panel, where the address of reports is set.
    if (request.url === "/panel/webhook") {
      webhook = String(request.body.url ?? "") || null;
      return { status: 200, body: JSON.stringify({ webhook }) };
    }
    const [, version, key = "", method = ""] = /^\/(v1)\/([^/]+)\/(.+)\.json\/?$/.exec(request.url) ?? [];
    if (version !== "v1") return kavenegar(404, "متدی با این نام پیدا نشده است");
    if (decodeURIComponent(key) !== apiKey) return kavenegar(403, "کد شناسائی معتبر نمی باشد");
    switch (method) {
      case "sms/sendarray":
        return sendArray(request);
      case "sms/statuslocalmessageid":
        return statusByLocalId(request);
      case "account/info":
        return kavenegar(200, "تایید شد", {
          remaincredit: 1_500_000,
          expiredate: 1_735_689_600,
          type: "master",
        });
      default:
        return kavenegar(404, "متدی با این نام پیدا نشده است");
    }
  }

  function sendArray(request: SeenRequest): Reply | null {
    if (request.method !== "POST") return kavenegar(405, "متد فراخوانی Get یا Post اشتباه است");
    const fields = listsIn(request);
    if (!fields) return kavenegar(400, "پارامترها ناقص هستند");
    const { receptor, sender, message, localmessageids } = fields;
    if (receptor.length > mostMessages) return kavenegar(414, "حجم درخواست بیشتر از حد مجاز است");
    if ([sender, message, localmessageids].some((list) => list.length !== receptor.length))
      return kavenegar(419, "طول آرایه متن و گیرنده و فرستنده هم اندازه نیست");
    if (sender.some((from) => from !== line)) return kavenegar(412, "ارسال کننده نامعتبر است");
    if (localmessageids.some((id) => !/^\d{1,19}$/.test(id) || BigInt(id) >= 2n ** 63n))
      return kavenegar(400, "پارامترها ناقص هستند");
    const lookedAt = receptor.map(fateOf);
    if (lookedAt.includes("silent")) return null;
    if (lookedAt.includes("broken")) return failureOf(500);
    if (lookedAt.includes("throttled")) return { ...failureOf(429), headers: { "retry-after": "1" } };
    if (lookedAt.includes("busy")) return kavenegar(409, "سرور قادر به پاسخگوئی نیست بعدا تلاش کنید");
    const isPhone = (to: string, index: number) =>
      lookedAt[index] !== "dead" && /^(09\d{9}|00[1-9]\d{6,14})$/.test(to);
    if (!receptor.every(isPhone)) return kavenegar(411, "دریافت کننده نامعتبر است");
    if (message.some((text) => text === "" || text.length > longestText))
      return kavenegar(413, "پیام خالی است و یا طول پیام بیش از حد مجاز می باشد");
    return kavenegar(200, "تایید شد", take(request).map(entryOf));
  }

  function statusByLocalId(request: SeenRequest): Reply {
    const ids = String(request.body.localid ?? "")
      .split(",")
      .filter((id) => id !== "");
    if (ids.length === 0) return kavenegar(400, "پارامترها ناقص هستند");
    if (ids.length > mostIds) return kavenegar(414, "حجم درخواست بیشتر از حد مجاز است");
    const entries = ids.map((localid) => {
      const { messageid = 0, status = 100 } = messages.get(localid) ?? {};
      return { messageid, localid, status, statustext: statusTexts[status] };
    });
    return kavenegar(200, "تایید شد", entries);
  }

  const standIn = await startHttp1StandIn(options, {
    deliveryOf: (request) => listsIn(request)?.localmessageids.join(" ") ?? null,
    answer,
    failure: (_, status) =>
      status === "gone" ? kavenegar(411, "دریافت کننده نامعتبر است") : failureOf(status),
    brokenJson: { status: 200, body: '{"return":{"status":200,"mess' },
    onFault(request, fault) {
      const isRefused = fault.kind === "status" || fault.kind === "throttle" || fault.kind === "gone";
      if (!isRefused && options.takesUnanswered?.() && request.url.endsWith("/sms/sendarray.json"))
        take(request);
    },
  });

  return {
    ...standIn,
    ...{ messages, taken, credentials: { apiKey, sender: line } },
    setWebhook(url) {
      webhook = url;
    },
    async report(url, reports) {
      let status = 0;
      for (const report of reports) status = await reportOne(url, report.localid, report.status);
      return status;
    },
    write: (url, { from, message }) =>
      reporter.post(url, formOf({ messageid: String(++lastId), from, to: line, message })),
    settle: () => reporter.settle(),
    async stop() {
      await reporter.stop();
      await standIn.stop();
    },
  };
}

const entryOf = ({ messageid, receptor, sender, message, status }: KavenegarMessage) => ({
  ...{ messageid, message, status, statustext: statusTexts[status], sender, receptor },
  ...{ date: Math.floor(Date.now() / 1000), cost: 120 },
});

interface Lists {
  receptor: string[];
  sender: string[];
  message: string[];
  localmessageids: string[];
}

/** The lists of `sms/sendarray`; null where one is missing or is none. */
function listsIn({ url, body }: SeenRequest): Lists | null {
  if (!url.endsWith("/sms/sendarray.json")) return null;
  const listOf = (name: string): string[] | null => {
    try {
      const list: unknown = JSON.parse(String(body[name]));
      return Array.isArray(list) ? list.map(String) : null;
    } catch {
      return null;
    }
  };
  const [receptor, sender, message] = ["receptor", "sender", "message"].map(listOf);
  const localmessageids = listOf("localmessageids");
  return receptor && sender && message && localmessageids
    ? { receptor, sender, message, localmessageids }
    : null;
}

/** The status of HTTP mirrors the other one where there is such a status. */
const kavenegar = (status: number, message: string, entries: unknown = null): Reply => ({
  ...{ status, headers: { "content-type": "application/json; charset=utf-8" } },
  body: JSON.stringify({ return: { status, message }, entries }),
});

/** What stands before Kavenegar answers in its own words. */
const failureOf = (status: number): Reply => ({
  status,
  headers: { "content-type": "text/html" },
  body: `<html><title>${status}</title></html>`,
});

const formOf = (fields: Record<string, string>) => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});
