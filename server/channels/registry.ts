import { smtpProvider } from "./email/smtp.ts";
import { httpProvider } from "./http/http.ts";
import type { Provider } from "./provider.ts";
import { apnsProvider } from "./push/apns.ts";
import { fcmProvider } from "./push/fcm.ts";
import { webpushProvider } from "./push/webpush.ts";
import { kaleyraProvider } from "./sms/kaleyra.ts";
import { kavenegarProvider } from "./sms/kavenegar.ts";
import { twilioProvider } from "./sms/twilio.ts";
import { dialog360Provider } from "./whatsapp/dialog360.ts";
import { kaleyraWhatsappProvider } from "./whatsapp/kaleyra.ts";
import { metaProvider } from "./whatsapp/meta.ts";

/** Providers by their names. */
export interface Registry {
  readonly all: readonly Provider[];
  find(name: string): Provider | null;
}

export function createRegistry(all: readonly Provider[]): Registry {
  const byName = new Map(all.map((provider) => [provider.name, provider]));
  return { all, find: (name) => byName.get(name) ?? null };
}

/** Those that Chapar comes with, in the order in which they are offered. */
export const builtInProviders = (): Registry =>
  createRegistry([
    fcmProvider as Provider,
    apnsProvider as Provider,
    webpushProvider as Provider,
    smtpProvider as Provider,
    kavenegarProvider as Provider,
    kaleyraProvider as Provider,
    twilioProvider as Provider,
    metaProvider as Provider,
    dialog360Provider as Provider,
    kaleyraWhatsappProvider as Provider,
    httpProvider as Provider,
  ]);
