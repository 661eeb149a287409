import { notificationOf } from "../channels/inbox/payload.ts";
import type { EmailDetails, Outbound, TemplateDetails } from "../channels/provider.ts";
import { type ProviderChannel, PushService } from "../channels/schema.ts";
import type { Queryable } from "../db/database.ts";
import { claimAddresses, listShown, listWaiting } from "../deliveries/deliveries.ts";
import { referenceOf } from "../deliveries/reference.ts";
import {
  type CurrentInstallation,
  findCurrentInstallations,
  listRecipients,
} from "../installations/installations.ts";
import { findConnected } from "../installations/presence.ts";
import { addressHash, deliveryId, nilUuid } from "../lib/keys.ts";
import { type Links, preferencesOf } from "../links/links.ts";
import type { TokenSubject } from "../links/tokens.ts";
import { languageFor } from "../templates/whatsapp/fill.ts";
import { findGuests } from "../users/aliases.ts";
import type { LeavableChannel } from "../users/schema.ts";
import {
  type Addressee,
  findAddressees,
  findUsersToReach,
  namesOf,
  type UserToReach,
} from "../users/to-reach.ts";
import { type ToWrite, writeAll } from "./fill-in.ts";
import { limit } from "./limits.ts";
import { releaseTouches } from "./queries/touches.ts";
import { findRepeatedDevices, findRepeatedGuests } from "./repeats.ts";
import { type MessageContent, Platform } from "./schema.ts";
import type { Recipient } from "./slices.ts";
import { type Later, type Ruled, ruled } from "./verdict.ts";
import type { Reader, Writing, Written } from "./writing.ts";

/** A recipient, and what is to be done: nothing, for a reason, or this message. */
export interface Judged {
  recipient: Recipient;
  deliveryId: string;
  verdict: Ruled | Later | { kind: "send"; outbound: Outbound; user: UserToReach };
}

const isPushService = (service: string | null): service is PushService =>
  PushService.options.some((known) => known === service);

/** The address that a recipient's delivery is known by: of a device its key, of a person the channel. */
export const deliveryIdOf = ({ chunk, userKey, installationKey, address }: Recipient): string =>
  deliveryId(
    chunk.messageId,
    userKey,
    address ?? (installationKey === nilUuid ? `${chunk.channel}/${chunk.step}` : installationKey),
  );

/**
 * Looks at the recipients of one app and channel once more, just before they are sent to: who left, whose address is
 * dead or missing, who has the message already. The others come with what to send.
 */
export async function judgeForProvider(
  db: Queryable,
  route: { appKey: number; channel: ProviderChannel },
  recipients: readonly Recipient[],
  {
    writingOf,
    links,
    givesCodes,
  }: {
    writingOf: (recipient: Recipient) => Writing;
    links: Links;
    /** Whether they are sent to right away: promo codes are given then, and campaigns counted for the cap. */
    givesCodes: boolean;
  },
  now: Date,
): Promise<Judged[]> {
  const { appKey, channel } = route;
  const { users, looks } =
    channel === "push"
      ? await lookAtDevices(db, appKey, recipients)
      : await lookAtAddresses(db, { appKey, channel }, recipients);
  const later = recipients.filter(({ chunk }) => chunk.step > 0);
  const shown = await findShown(db, appKey, later, users);
  const present = await findPresent(db, appKey, later);
  const needless = await findNeedless(db, appKey, recipients);
  const found = recipients.map((recipient): Ruled | Found => {
    const { chunk } = recipient;
    if (recipient.address !== null) return ruled("failed", "device_not_found");
    if (chunk.expiresAt && chunk.expiresAt <= now) return ruled("expired");
    if (shown.has(recipient) || needless.has(recipient)) return ruled("skipped", "already_shown");
    if (present.has(recipient)) return ruled("skipped", "connected");
    const look = looks(recipient);
    if ("kind" in look) return look;
    const user = users.get(look.userKey);
    if (!user) return ruled("skipped", "removed");
    if (user.leftTopics.includes(chunk.topic)) return ruled("skipped", "opted_out");
    return { recipient, look, user, userKey: user.userKey };
  });
  const reached = found.flatMap((one) => ("kind" in one ? [] : [one]));
  const limited = givesCodes ? await limit(db, appKey, reached, now) : new Map<Found, Later | Ruled>();
  const toWrite = reached.flatMap((one): ToWrite[] => {
    if (limited.has(one)) return [];
    const { recipient, user, look } = one;
    const { chunk } = recipient;
    const subject = { messageId: chunk.messageId, userKey: recipient.userKey, step: chunk.step };
    const leaveUrl = channel === "email" ? links.leaveUrl(subject) : null;
    const more =
      leaveUrl === null ? {} : { unsubscribe_url: leaveUrl, preferences_url: preferencesOf(leaveUrl) };
    return [{ recipient, user, writing: writingOf(recipient), reader: readerOf(look.device, user), more }];
  });
  const written = await writeAll(db, appKey, toWrite, { now, givesCodes });
  await releaseUnwritten(db, appKey, toWrite, written);
  return recipients.map((recipient, index): Judged => {
    const deliveryId = deliveryIdOf(recipient);
    const judged = (verdict: Judged["verdict"]): Judged => ({ recipient, deliveryId, verdict });
    const one = found[index];
    const words = written.get(recipient);
    if (!one || "kind" in one) return judged(one ?? ruled("skipped", "removed"));
    const held = limited.get(one);
    if (held) return judged(held);
    if (!words?.ok) return judged(words ? unwritten(words) : ruled("skipped", "removed"));
    const { look, user } = one;
    const outbound = outboundOf(recipient, {
      channel,
      deliveryId,
      user,
      look,
      links,
      content: words.content,
    });
    return judged({ kind: "send", outbound, user });
  });
}

/** A campaign whose text did not come out for somebody does not count for them, unless a device of theirs has it. */
export async function releaseUnwritten(
  db: Queryable,
  appKey: number,
  asked: readonly ToWrite[],
  written: ReadonlyMap<Recipient, Written>,
): Promise<void> {
  const isWritten = ({ recipient }: ToWrite) => written.get(recipient)?.ok === true;
  const failed = asked.filter((one) => {
    const { step, channel, isCapped } = one.recipient.chunk;
    // What follows comes after a message that counts; and pushes to other devices of theirs are in other chunks.
    return isCapped && step === 0 && channel !== "push" && !isWritten(one);
  });
  if (failed.length === 0) return;
  const nameOf = ({ recipient, user }: ToWrite) => `${recipient.chunk.messageId}/${user.userKey}`;
  const reached = new Set(asked.filter(isWritten).map(nameOf));
  const touches = new Map(
    failed
      .filter((one) => !reached.has(nameOf(one)))
      .map((one) => [nameOf(one), { messageId: one.recipient.chunk.messageId, userKey: one.user.userKey }]),
  );
  await releaseTouches(db, appKey, [...touches.values()]);
}

/** Which edition of a text somebody reads: by their device, where it is for one, and the language they have set. */
export const readerOf = (
  device: { deviceType: string; language: string | null } | null,
  user: { language: string | null } | undefined,
): Reader => ({
  // Asked for every recipient: a parser that refuses makes an error each time.
  platform: Platform.options.find((platform) => platform === device?.deviceType) ?? null,
  language: device?.language ?? user?.language ?? null,
});

/** Whom there is something to send to. */
interface Found {
  recipient: Recipient;
  look: Exclude<Look, Ruled>;
  user: UserToReach;
  userKey: string;
}

/** What becomes of somebody whose text did not come out. */
export const unwritten = ({ reason, detail }: Extract<Written, { ok: false }>): Ruled =>
  ruled(reason === "template_failed" ? "failed" : "skipped", reason, detail);

/** People who were shown the message that something follows, be it as the guest that they were. */
async function findShown(
  db: Queryable,
  appKey: number,
  later: readonly Recipient[],
  users: ReadonlyMap<string, UserToReach>,
): Promise<ReadonlySet<Recipient>> {
  if (later.length === 0) return new Set();
  const ownerOf = ({ userKey }: Recipient) => users.get(userKey)?.userKey ?? userKey;
  const guests = await findGuests(db, appKey, [...new Set(later.map(ownerOf))]);
  const asked = later.map((recipient) => {
    const owner = ownerOf(recipient);
    const keys = new Set([recipient.userKey, owner, ...(guests.get(owner) ?? [])]);
    return { recipient, messageId: recipient.chunk.messageId, keys: [...keys] };
  });
  const shown = await listShown(
    db,
    appKey,
    asked.flatMap(({ messageId, keys }) => keys.map((userKey) => ({ messageId, userKey }))),
  );
  return new Set(
    asked
      .filter(({ messageId, keys }) => keys.some((userKey) => shown.has(`${messageId}/${userKey}`)))
      .map(({ recipient }) => recipient),
  );
}

/** People who have the message in the inbox of a connected device, where what follows is for the others. */
async function findPresent(
  db: Queryable,
  appKey: number,
  later: readonly Recipient[],
): Promise<ReadonlySet<Recipient>> {
  const asked = later.filter(({ chunk }) => chunk.content.fallback?.policy === "NOT_CONNECTED");
  if (asked.length === 0) return new Set();
  const keys = [...new Set(asked.map(({ userKey }) => userKey))];
  const devices = await listRecipients(db, appKey, keys);
  const connected = await findConnected(
    db,
    appKey,
    [...devices.values()].flatMap(({ installationKeys }) => installationKeys),
  );
  return new Set(
    asked.filter(({ userKey }) =>
      devices.get(userKey)?.installationKeys.some((installationKey) => connected.has(installationKey)),
    ),
  );
}

/** Devices to be told of a message that they have by now: whoever is connected is given all that waits. */
async function findNeedless(
  db: Queryable,
  appKey: number,
  recipients: readonly Recipient[],
): Promise<ReadonlySet<Recipient>> {
  const alerts = recipients.filter(({ chunk }) => chunk.isAlert);
  if (alerts.length === 0) return new Set();
  const waiting = await listWaiting(
    db,
    alerts.map((alert) => ({
      ...{ messageId: alert.chunk.messageId, userKey: alert.userKey, deliveryId: deliveryIdOf(alert) },
    })),
  );
  const connected = await findConnected(
    db,
    appKey,
    alerts.map(({ installationKey }) => installationKey),
  );
  const isNeeded = (alert: Recipient) =>
    waiting.has(deliveryIdOf(alert)) && !connected.has(alert.installationKey);
  return new Set(alerts.filter((alert) => !isNeeded(alert)));
}

/** Where a recipient is reached now, and under which key we know who it is; or why not. */
type Look = Ruled | { to: string; userKey: string; device: Device | null };

/** What a push needs to know of the device that it goes to. */
interface Device {
  tokenService: PushService;
  deviceType: string;
  language: string | null;
}

interface Looks {
  users: ReadonlyMap<string, UserToReach>;
  looks: (recipient: Recipient) => Look;
}

async function lookAtDevices(
  db: Queryable,
  appKey: number,
  recipients: readonly Recipient[],
): Promise<Looks> {
  const current = await findCurrentInstallations(db, appKey, {
    userKeys: recipients.map(({ userKey }) => userKey),
    installationKeys: recipients.map(({ installationKey }) => installationKey),
  });
  const repeats = await findRepeatedDevices(db, recipients, current);
  const users = await findUsersToReach(db, appKey, [
    ...new Set([...current.values()].map(({ userKey }) => userKey)),
  ]);
  const looks = (recipient: Recipient): Look => {
    const device = current.get(recipient.installationKey);
    const refused = refusedDevice(device);
    if (refused) return refused;
    if (repeats.has(recipient)) return ruled("skipped", "repeated");
    const { deviceToken, tokenService, userKey, deviceType, language } = device as CurrentInstallation;
    if (!deviceToken || !isPushService(tokenService)) return ruled("skipped", "no_address");
    return { to: deviceToken, userKey, device: { tokenService, deviceType, language } };
  };
  return { users, looks };
}

/** Why a device gets nothing by any way; null when it may. */
export function refusedDevice(device: CurrentInstallation | undefined): Ruled | null {
  if (!device) return ruled("skipped", "removed");
  if (device.isUninstalled) return ruled("skipped", "uninstalled");
  if (device.optedOut) return ruled("skipped", "opted_out");
  return null;
}

async function lookAtAddresses(
  db: Queryable,
  { appKey, channel }: { appKey: number; channel: LeavableChannel },
  recipients: readonly Recipient[],
): Promise<Looks> {
  const users = await findAddressees(
    db,
    appKey,
    recipients.map(({ userKey }) => userKey),
    channel,
  );
  const repeats = await findRepeatedGuests(db, appKey, recipients, users);
  const claims = recipients.flatMap(({ chunk, userKey }) => {
    const user = users.get(userKey);
    if (!user?.isShared || user.address === null || user.optedOut.includes(channel)) return [];
    return namesOf(user, channel).map((name) => ({
      ...{ messageId: chunk.messageId, addressHash: addressHash(channel, name), userKey },
    }));
  });
  const owners = await claimAddresses(db, claims);
  const hasAnotherOwner = ({ chunk, userKey }: Recipient, user: Addressee): boolean =>
    namesOf(user, channel).some((name) => {
      const owner = owners.get(`${chunk.messageId}/${addressHash(channel, name)}`);
      return owner !== undefined && owner !== userKey;
    });
  const looks = (recipient: Recipient): Look => {
    const user = users.get(recipient.userKey);
    if (!user) return ruled("skipped", "removed");
    if (repeats.has(recipient)) return ruled("skipped", "repeated");
    if (user.optedOut.includes(channel)) return ruled("skipped", "opted_out");
    if (user.address === null) return ruled("skipped", "no_address");
    if (user.isSuppressed) return ruled("skipped", "suppressed");
    if (user.isShared && hasAnotherOwner(recipient, user)) return ruled("skipped", "repeated");
    return { to: user.address, userKey: recipient.userKey, device: null };
  };
  return { users, looks };
}

function outboundOf(
  { chunk, userKey }: Recipient,
  {
    channel,
    deliveryId,
    user,
    look,
    links,
    content,
  }: {
    channel: ProviderChannel;
    deliveryId: string;
    user: UserToReach;
    look: Exclude<Look, Ruled>;
    links: Links;
    content: MessageContent;
  },
): Outbound {
  const { device } = look;
  return {
    deliveryId: referenceOf({ messageId: chunk.messageId, userKey, deliveryId }),
    deliveryUuid: deliveryId,
    messageId: chunk.messageId,
    channel,
    to: look.to,
    tokenService: device?.tokenService ?? null,
    userId: user.userId,
    subject: subjectFor(channel, chunk, content),
    content: textFor(chunk, content),
    data: content.data ?? {},
    notification: device ? shownOn(device, chunk, content) : notificationOf(content),
    push: device && {
      ...{ deviceType: device.deviceType, topic: chunk.topic, createdAt: chunk.messageCreatedAt },
      isShownByService: content.autoNotify === true,
    },
    email:
      channel === "email"
        ? emailOf(
            { messageId: chunk.messageId, userKey, step: chunk.step },
            { ...chunk, links, email: chunk.step === 0 ? content.email : undefined },
          )
        : null,
    template:
      channel === "whatsapp" && chunk.step === 0 && content.whatsapp
        ? templateOf(content.whatsapp, user.language)
        : null,
    trackId: chunk.trackId,
    expiresAt: chunk.expiresAt,
  };
}

const templateOf = (
  { name, languages, isMarketing, header, body, buttons }: NonNullable<MessageContent["whatsapp"]>,
  spoken: string | null,
): TemplateDetails => ({
  name,
  language: languageFor(languages, spoken),
  isMarketing,
  header,
  body,
  buttons,
});

/** A mail that follows a notification is about what that was. */
const subjectFor = (
  channel: ProviderChannel,
  { step, appName }: Recipient["chunk"],
  { subject, notification }: MessageContent,
): string | null => {
  if (channel !== "email" || step === 0) return subject ?? null;
  return notification?.title?.trim() || appName;
};

const textFor = ({ step }: Recipient["chunk"], { content, email, fallback }: MessageContent): string =>
  step === 0 ? (email?.text ?? content) : (fallback?.content ?? content);

/** What an e-mail needs besides its text. */
export function emailOf(
  subject: TokenSubject,
  {
    email,
    links,
    topic,
    appId,
  }: { email: MessageContent["email"]; links: Links; topic: string; appId: string },
): EmailDetails {
  return {
    html: email ? links.track(email.html, email.mark, subject) : null,
    unsubscribeUrl: links.leaveUrl(subject),
    bounceMailbox: links.bounceMailbox(subject),
    leaveMailbox: links.leaveMailbox(subject),
    ...{ topic, appId },
  };
}

/**
 * What is shown of a push: where it does not say, the app's own words stand for a title and a text, else its name and that
 * there is something new.
 */
function shownOn(
  { language }: Device,
  { appName, defaultTexts }: Recipient["chunk"],
  content: MessageContent,
): Record<string, unknown> | null {
  if (content.silent) return null;
  const given = notificationOf(content);
  return {
    ...given,
    title: given?.title || defaultTexts.title || appName,
    body: given?.body || defaultTexts.alert || somethingNew(language),
  };
}

/** For messages that say nothing of what to show, so that nothing of what they say is on a locked screen. */
const somethingNew = (language: string | null): string =>
  language?.startsWith("fa") ? "پیام تازه‌ای دارید." : "You have a new message.";
