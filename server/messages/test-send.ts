import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { Outbound, Outcome } from "../channels/provider.ts";
import { PushService } from "../channels/schema.ts";
import { referenceOf } from "../deliveries/reference.ts";
import {
  type CurrentInstallation,
  findCurrentInstallations,
  listRecipients,
} from "../installations/installations.ts";
import { Problem, validationProblem } from "../lib/problem.ts";
import type { Links } from "../links/links.ts";
import { type AccountParts, type AccountToTry, tryAccount } from "../providers/accounts.ts";
import type { TestAnswer, TestRequest } from "../providers/schema.ts";
import { resolveUser } from "../users/aliases.ts";
import { findAddressees, findUsersToReach, type UserToReach } from "../users/to-reach.ts";
import { emailOf, refusedDevice } from "./judge.ts";

type Result = TestAnswer["results"][number];

/** What is sent in a test, or why it is not. */
type Attempt = { to: string; installationId: string | null } & ({ outbound: Outbound } | { refused: string });

const devicesAtOnce = 20;
const timeoutMs = 30_000;

/**
 * Sends one message through one account to the devices or the address of a user, and waits for what becomes of it. It is
 * in no log, counts nowhere, and no address is forgotten for it: an account that is set up wrongly calls good ones dead.
 */
export async function sendTest(
  parts: AccountParts & { links: Links },
  caller: { appKey: number; appId: string; name: string },
  accountId: string,
  request: TestRequest,
): Promise<TestAnswer> {
  const { db } = parts;
  const { userKey } = await resolveUser(db, caller, request.userId);
  const user = (await findUsersToReach(db, caller.appKey, [userKey])).get(userKey);
  if (!user) throw new Problem("not_found", `There is no user ${request.userId} in this app.`);
  return tryAccount(parts, caller, accountId, async (account) => {
    const attempts =
      account.channel === "push"
        ? await toDevices(parts, caller, account, user, request)
        : await toAddress(parts, caller, account, user, request);
    const signal = AbortSignal.timeout(timeoutMs);
    const results = await Promise.all(
      attempts.map(async (attempt): Promise<Result> => {
        const { to, installationId } = attempt;
        if ("refused" in attempt)
          return { to, installationId, ok: false, outcome: "skipped", code: null, detail: attempt.refused };
        const outcome = await account.sender.send(attempt.outbound, signal);
        return { to, installationId, ...wordsOf(outcome, account) };
      }),
    );
    return { results };
  });
}

const textOfWhatsapp =
  " It was a plain text, which WhatsApp shows only to somebody who wrote to this number within the last 24 hours; " +
  "to try a template, make a campaign of it and send that as a test.";

function wordsOf(
  outcome: Outcome,
  { name, hasTemplates }: AccountToTry,
): Pick<Result, "ok" | "outcome" | "code" | "detail"> {
  const { kind } = outcome;
  if (kind === "accepted") {
    const detail = `The provider of ${name} took it.${hasTemplates ? textOfWhatsapp : ""}`;
    return { ok: true, outcome: kind, code: null, detail };
  }
  return { ok: false, outcome: kind, code: outcome.code, detail: outcome.detail };
}

async function toDevices(
  { db }: AccountParts,
  { appKey }: { appKey: number },
  account: AccountToTry,
  user: UserToReach,
  request: TestRequest,
): Promise<Attempt[]> {
  const recipient = (await listRecipients(db, appKey, [user.userKey])).get(user.userKey);
  const keys = (recipient?.installationKeys ?? []).slice(0, devicesAtOnce);
  const devices = await findCurrentInstallations(db, appKey, {
    userKeys: keys.map(() => user.userKey),
    installationKeys: keys,
  });
  if (devices.size === 0)
    throw validationProblem([
      { pointer: "/userId", detail: `${user.userId} has no device; choose somebody who opened the app` },
    ]);
  return [...devices.values()].map((device): Attempt => {
    const { installationId, deviceType } = device;
    const to = { to: deviceType, installationId };
    const refused = whyNot(device, account);
    if (refused !== null) return { ...to, refused };
    const service = PushService.parse(device.tokenService);
    return {
      ...to,
      outbound: {
        ...outboundOf(user, request),
        ...{ channel: "push", to: device.deviceToken ?? "", tokenService: service },
        notification: { title: request.title ?? account.appName, body: request.content },
        email: null,
        template: null,
        push: { deviceType, topic: "default", createdAt: new Date(), isShownByService: false },
      },
    };
  });
}

function whyNot(device: CurrentInstallation, { tokenServices }: AccountToTry): string | null {
  const refused = refusedDevice(device);
  if (refused?.reason === "uninstalled") return "The app was removed from this device.";
  if (refused) return "This device has opted out.";
  const service = PushService.safeParse(device.tokenService).data;
  if (!device.deviceToken || !service) return "This device has no push token: it gets the inbox alone.";
  if (tokenServices && !tokenServices.includes(service))
    return `The token of this device is from ${service}, and this account takes those of ${tokenServices.join(", ")}.`;
  return null;
}

async function toAddress(
  { db, links }: AccountParts & { links: Links },
  { appKey, appId }: { appKey: number; appId: string },
  account: AccountToTry,
  user: UserToReach,
  request: TestRequest,
): Promise<Attempt[]> {
  const { channel } = account;
  if (channel === "push") return [];
  const found = (await findAddressees(db, appKey, [user.userKey], channel)).get(user.userKey);
  if (!found?.address)
    throw validationProblem([
      {
        pointer: "/userId",
        detail: `${user.userId} has no ${channel === "email" ? "e-mail address" : "phone number"}; add one, or choose somebody else`,
      },
    ]);
  const to = { to: found.address, installationId: null };
  if (found.optedOut.includes(channel)) return [{ ...to, refused: `${user.userId} has left ${channel}.` }];
  const made = outboundOf(user, request);
  const subject = { messageId: made.messageId, userKey: user.userKey, step: 0 };
  const outbound: Outbound = {
    ...made,
    ...{ channel, to: found.address, tokenService: null, notification: null, push: null, template: null },
    subject: channel === "email" ? (request.title ?? account.appName) : null,
    email:
      channel === "email" ? emailOf(subject, { email: undefined, links, topic: "default", appId }) : null,
  };
  return [{ ...to, outbound }];
}

/** What all channels have in common. */
function outboundOf(user: UserToReach, { content }: TestRequest) {
  const messageId = uuidv7();
  const deliveryUuid = randomUUID();
  return {
    ...{ messageId, deliveryUuid, userId: user.userId, subject: null, content, data: {}, trackId: null },
    deliveryId: referenceOf({ messageId, userKey: user.userKey, deliveryId: deliveryUuid }),
    expiresAt: new Date(Date.now() + 3_600_000),
  };
}
