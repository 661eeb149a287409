import { hash } from "node:crypto";
import { webpushProvider } from "../channels/push/webpush.ts";
import { type StandInProvider, startStandInProvider } from "./stand-in-provider.ts";
import { type ApnsStandIn, startApnsStandIn } from "./stand-ins/apns.ts";
import { type FaultPlan, type FaultRates, faultsAtRates, type SeenRequest } from "./stand-ins/faults.ts";
import { type FcmStandIn, startFcmStandIn } from "./stand-ins/fcm.ts";
import { type KaleyraStandIn, startKaleyraStandIn } from "./stand-ins/kaleyra.ts";
import { type KavenegarStandIn, startKavenegarStandIn } from "./stand-ins/kavenegar.ts";
import { type SmtpStandIn, startSmtpStandIn } from "./stand-ins/smtp.ts";
import { startTwilioStandIn, type TwilioStandIn } from "./stand-ins/twilio.ts";
import { type StandInSubscription, startWebpushStandIn, type WebpushStandIn } from "./stand-ins/webpush.ts";
import { startWhatsappStandIn, type WhatsappStandIn } from "./stand-ins/whatsapp.ts";

type SimulatedService =
  | ("fcm" | "apns" | "webpush" | "http" | "smtp")
  | ("kavenegar" | "kaleyra" | "twilio" | "whatsapp");
/** The stand-in of WhatsApp has accounts of Meta and of 360dialog, that of Kaleyra for SMS and WhatsApp. */
type SimulatedProvider = Exclude<SimulatedService, "whatsapp"> | "meta" | "360dialog" | "kaleyra-whatsapp";

export interface SimulationOptions {
  /**
   * The first of ten ports one after the other: FCM, its tokens, APNs, web push, HTTP, SMTP, Kavenegar, Kaleyra, Twilio,
   * WhatsApp. Free ones without it.
   */
  port?: number;
  /** Services of SMS and WhatsApp report by themselves what became of messages. */
  reports?: boolean;
  /** Shares of requests that go wrong. */
  rates?: FaultRates;
  /** Milliseconds before each answer. */
  slowMs?: number;
  /** The same seed makes the same requests go wrong, as long as they come in the same order. */
  seed?: number;
  /** Told of each answer; null where there was none. */
  onAnswer?: (service: SimulatedService, request: SeenRequest, status: number | null) => void;
}

/** Body of `POST /api/providers` for an account that sends to a stand-in. */
interface SimulatedAccount {
  channel: "push" | "sms" | "email" | "whatsapp";
  provider: SimulatedProvider;
  name: string;
  config: Record<string, unknown>;
}

/** Every service that Chapar sends to, on this machine. */
export interface Simulation {
  readonly standIns: {
    fcm: FcmStandIn;
    apns: ApnsStandIn;
    webpush: WebpushStandIn;
    http: StandInProvider;
    smtp: SmtpStandIn;
    kavenegar: KavenegarStandIn;
    kaleyra: KaleyraStandIn;
    twilio: TwilioStandIn;
    whatsapp: WhatsappStandIn;
  };
  readonly urls: Record<SimulatedService | "fcmToken", string>;
  readonly accounts: Record<SimulatedProvider, SimulatedAccount>;
  readonly credentials: {
    /** Text of the service account file. */
    serviceAccount: string;
    /** Text of the .p8 file. */
    apnsKey: string;
    vapid: { publicKey: string; privateKey: string };
    /** A browser that has subscribed under the VAPID key. */
    subscription: StandInSubscription;
  };
  /** How it goes on; null for well. */
  misbehave(rates: FaultRates | null): void;
  stop(): Promise<void>;
}

/** A message may be refused for whom it is for; questions, as for templates, may not. */
function faultsOfMessages(rates: FaultRates, random: () => number): FaultPlan {
  const plan = faultsAtRates(rates, random);
  return (request) => {
    const fault = plan(request);
    return fault?.kind === "gone" && request.method === "GET" ? null : fault;
  };
}

/** Starts all stand-ins. Accounts need `ALLOW_PRIVATE_ADDRESSES=true` to send to them. */
export async function startSimulation(options: SimulationOptions = {}): Promise<Simulation> {
  const { port, slowMs: delayMs = 0, reports = false, onAnswer } = options;
  const random = createRandom(options.seed ?? 1);
  const optionsOf = (service: SimulatedService, offset: number) => ({
    delayMs,
    ...(port === undefined ? {} : { port: port + offset }),
    ...(options.rates ? { plan: faultsOfMessages(options.rates, random) } : {}),
    onAnswer: (request: SeenRequest, status: number | null) => onAnswer?.(service, request, status),
  });
  const started: { stop(): Promise<void> }[] = [];
  const start = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const standIn = await starting;
    started.push(standIn);
    return standIn;
  };
  const stop = async () => {
    await Promise.all(started.map((standIn) => standIn.stop()));
  };
  try {
    const tokenPort = port === undefined ? {} : { tokenPort: port + 1 };
    const fcm = await start(startFcmStandIn({ ...optionsOf("fcm", 0), ...tokenPort }));
    const apns = await start(startApnsStandIn(optionsOf("apns", 2)));
    const webpush = await start(startWebpushStandIn(optionsOf("webpush", 3)));
    const http = await start(startStandInProvider(optionsOf("http", 4)));
    const smtp = await start(startSmtpStandIn(optionsOf("smtp", 5)));
    const kavenegar = await start(startKavenegarStandIn({ ...optionsOf("kavenegar", 6), reports }));
    const kaleyra = await start(startKaleyraStandIn({ ...optionsOf("kaleyra", 7), reports }));
    const twilio = await start(startTwilioStandIn({ ...optionsOf("twilio", 8), reports }));
    const whatsapp = await start(startWhatsappStandIn({ ...optionsOf("whatsapp", 9), reports }));
    const vapid = { publicKey: "", privateKey: "", ...webpushProvider.makeKeys?.() };
    const standIns = { fcm, apns, webpush, http, smtp, kavenegar, kaleyra, twilio, whatsapp };
    return {
      standIns,
      urls: {
        ...{ fcm: fcm.url, fcmToken: fcm.tokenUrl, apns: apns.url, webpush: webpush.url, http: http.url },
        ...{ smtp: smtp.url, kavenegar: kavenegar.url, kaleyra: kaleyra.url, twilio: twilio.url },
        whatsapp: whatsapp.url,
      },
      accounts: accountsOf(standIns, vapid),
      credentials: {
        ...{ serviceAccount: fcm.serviceAccount, apnsKey: apns.credentials.privateKey, vapid },
        subscription: webpush.subscribe({ publicKey: vapid.publicKey }),
      },
      misbehave(rates) {
        for (const standIn of Object.values(standIns)) standIn.plan(rates && faultsOfMessages(rates, random));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function accountsOf(
  standIns: Simulation["standIns"],
  vapid: Simulation["credentials"]["vapid"],
): Simulation["accounts"] {
  const { fcm, apns, http, smtp } = standIns;
  return {
    fcm: {
      ...{ channel: "push", provider: "fcm", name: "Simulated FCM" },
      config: { serviceAccount: fcm.serviceAccount, baseUrl: fcm.url },
    },
    apns: {
      ...{ channel: "push", provider: "apns", name: "Simulated APNs" },
      config: { ...apns.credentials, baseUrl: apns.url },
    },
    webpush: {
      ...{ channel: "push", provider: "webpush", name: "Simulated web push" },
      config: { ...vapid, subject: "mailto:push@example.com" },
    },
    http: {
      ...{ channel: "sms", provider: "http", name: "Simulated SMS gateway" },
      config: {
        url: http.url,
        headers: { authorization: "Bearer simulated-key" },
        body: '{"to": {{ to | json }}, "text": {{ content | json }}, "deliveryId": {{ deliveryId | json }}}',
        ...{ idPath: "id", detailPath: "error" },
      },
    },
    smtp: {
      ...{ channel: "email", provider: "smtp", name: "Simulated mail server" },
      config: {
        ...{ host: "127.0.0.1", port: smtp.port, security: "none" },
        ...{ fromEmail: "news@shop.example.com", fromName: "Shop", bounceDomain: "bounce.shop.example.com" },
      },
    },
    ...textAccountsOf(standIns),
  };
}

/** Of SMS and WhatsApp. */
function textAccountsOf({
  kavenegar,
  kaleyra,
  twilio,
  whatsapp,
}: Simulation["standIns"]): Omit<Simulation["accounts"], "fcm" | "apns" | "webpush" | "http" | "smtp"> {
  const { sender, from, wabaId, ...key } = kaleyra.credentials;
  const { apiKeySid: _, apiKeySecret: __, ...twilioLogin } = twilio.credentials;
  return {
    kavenegar: {
      ...{ channel: "sms", provider: "kavenegar", name: "Simulated Kavenegar" },
      config: { ...kavenegar.credentials, baseUrl: kavenegar.url },
    },
    kaleyra: {
      ...{ channel: "sms", provider: "kaleyra", name: "Simulated Kaleyra" },
      config: { ...key, sender, receiptsToken: "simulated-receipts-token", baseUrl: kaleyra.url },
    },
    twilio: {
      ...{ channel: "sms", provider: "twilio", name: "Simulated Twilio" },
      config: { ...twilioLogin, baseUrl: twilio.url },
    },
    meta: {
      ...{ channel: "whatsapp", provider: "meta", name: "Simulated WhatsApp" },
      config: { ...whatsapp.credentials.meta, baseUrl: whatsapp.url },
    },
    "360dialog": {
      ...{ channel: "whatsapp", provider: "360dialog", name: "Simulated 360dialog" },
      config: { ...whatsapp.credentials["360dialog"], baseUrl: whatsapp.url },
    },
    "kaleyra-whatsapp": {
      ...{ channel: "whatsapp", provider: "kaleyra-whatsapp", name: "Simulated WhatsApp by Kaleyra" },
      config: { ...key, from, wabaId, receiptsToken: "simulated-receipts-token", baseUrl: kaleyra.url },
    },
  };
}

/** Numbers in [0, 1) that a seed repeats. */
function createRandom(seed: number): () => number {
  let count = 0;
  return () => Number.parseInt(hash("sha256", `${seed} ${count++}`, "hex").slice(0, 12), 16) / 2 ** 48;
}
