import { hash } from "node:crypto";
import { webpushProvider } from "../channels/push/webpush.ts";
import { type StandInProvider, startStandInProvider } from "./stand-in-provider.ts";
import { type ApnsStandIn, startApnsStandIn } from "./stand-ins/apns.ts";
import { type FaultRates, faultsAtRates, type SeenRequest } from "./stand-ins/faults.ts";
import { type FcmStandIn, startFcmStandIn } from "./stand-ins/fcm.ts";
import { type SmtpStandIn, startSmtpStandIn } from "./stand-ins/smtp.ts";
import { type StandInSubscription, startWebpushStandIn, type WebpushStandIn } from "./stand-ins/webpush.ts";

type SimulatedService = "fcm" | "apns" | "webpush" | "http" | "smtp";

export interface SimulationOptions {
  /** The first of six ports one after the other: FCM, its tokens, APNs, web push, HTTP, SMTP. Free ones without it. */
  port?: number;
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
  channel: "push" | "sms" | "email";
  provider: SimulatedService;
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
  };
  readonly urls: Record<SimulatedService | "fcmToken", string>;
  readonly accounts: Record<SimulatedService, SimulatedAccount>;
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

/** Starts all stand-ins. Accounts need `ALLOW_PRIVATE_ADDRESSES=true` to send to them. */
export async function startSimulation(options: SimulationOptions = {}): Promise<Simulation> {
  const { port, slowMs: delayMs = 0, onAnswer } = options;
  const random = createRandom(options.seed ?? 1);
  const optionsOf = (service: SimulatedService, offset: number) => ({
    delayMs,
    ...(port === undefined ? {} : { port: port + offset }),
    ...(options.rates ? { plan: faultsAtRates(options.rates, random) } : {}),
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
    const vapid = { publicKey: "", privateKey: "", ...webpushProvider.makeKeys?.() };
    const standIns = { fcm, apns, webpush, http, smtp };
    return {
      standIns,
      urls: {
        ...{ fcm: fcm.url, fcmToken: fcm.tokenUrl, apns: apns.url, webpush: webpush.url, http: http.url },
        smtp: smtp.url,
      },
      accounts: accountsOf(standIns, vapid),
      credentials: {
        ...{ serviceAccount: fcm.serviceAccount, apnsKey: apns.credentials.privateKey, vapid },
        subscription: webpush.subscribe({ publicKey: vapid.publicKey }),
      },
      misbehave(rates) {
        for (const standIn of Object.values(standIns)) standIn.plan(rates && faultsAtRates(rates, random));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function accountsOf(
  { fcm, apns, http, smtp }: Simulation["standIns"],
  vapid: Simulation["credentials"]["vapid"],
): Simulation["accounts"] {
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
  };
}

/** Numbers in [0, 1) that a seed repeats. */
function createRandom(seed: number): () => number {
  let count = 0;
  return () => Number.parseInt(hash("sha256", `${seed} ${count++}`, "hex").slice(0, 12), 16) / 2 ** 48;
}
