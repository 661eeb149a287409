import type { Channel } from "../channels/schema.ts";
import { publicTopic } from "../installations/topic-names.ts";
import type { WallTime } from "../lib/wall-time.ts";
import { filterOf } from "../segments/schema.ts";
import type {
  ByQueryRequest,
  Fallback,
  MessageContent,
  NotifyToUsersRequest,
  NotifyUsersRequest,
  ToUsersMessage,
  WinnerMeasure,
} from "./schema.ts";

/** A request to send, whatever endpoint it came by. */
export interface SendPlan {
  channel: Channel;
  topic: string;
  to: { kind: "users"; users: string[] } | { kind: "topic" } | { kind: "target"; filter: Filter };
  content: MessageContent;
  trackId: string | null;
  clientId: string | null;
  /** Seconds. */
  ttl: number | null;
  campaign: { id: string; name: string } | null;
  /** At once, to everybody, as fast as it goes, if missing. */
  manner?: Manner;
}

/** How a run of a campaign is sent, besides what it says. */
export interface Manner {
  /** Contents B, C … that are tried beside that of the plan, which is A. */
  variants: readonly MessageContent[];
  /** How the best of them is found, for the rest; null where each keeps its share. */
  winner: { by: WinnerMeasure; decideAt: Date | null } | null;
  /** Per cent of the audience that go first; null for all. */
  firstShare: number | null;
  /** What each user's clock shows when it is sent to them. */
  wallTime: WallTime | null;
  /** Recipients a minute. */
  throttle: number | null;
  /** Whether it waits for the end of quiet hours, and counts for the frequency cap. */
  isQuiet: boolean;
  isCapped: boolean;
}

/** As the API sends. */
export const plainManner: Manner = {
  ...{ variants: [], winner: null, firstShare: null, wallTime: null, throttle: null },
  ...{ isQuiet: false, isCapped: false },
};

export type Filter = ReturnType<typeof filterOf>;

const allTopics = "default";

/** Recipients are devices, or persons. */
export const recipientsAre = (channel: Channel): "installation" | "user" =>
  channel === "inbox" || channel === "push" ? "installation" : "user";

export const planToUsers = (request: ToUsersMessage): SendPlan => planOf("inbox", request);

export const planByQuery = (request: ByQueryRequest): SendPlan => planOf("inbox", request);

/** A notification alone: its text is the content, where nothing else gives it one. */
export const planNotification = (request: NotifyUsersRequest): SendPlan =>
  planOf("push", withNotification(request));

/** A notification that is all of the request. */
export const planNotifyUser = (
  userId: string,
  notification: NonNullable<MessageContent["notification"]>,
): SendPlan =>
  planOf("push", {
    user: userId,
    content: notification.body ?? notification.text ?? notification.title ?? "",
    notification,
  });

/** A notification and what follows it; without a notification or content of its own the fallback goes at once. */
export function planSmart(request: NotifyToUsersRequest): SendPlan {
  const { fallback } = request;
  const content = request.content || request.notification?.body || request.notification?.title;
  if (!content) {
    const { fallback: _, ...rest } = request;
    return planOf(fallback.media, { ...rest, content: fallback.content ?? "" });
  }
  return planOf("push", withNotification({ ...request, content }));
}

function withNotification<R extends AnyRequest>(request: R): R {
  const { notification, alertText, content } = request;
  return notification?.body || notification?.text || alertText ? request : { ...request, alertText: content };
}

type AnyRequest = Partial<ToUsersMessage & ByQueryRequest> & { content: string };

function planOf(channel: Channel, request: AnyRequest): SendPlan {
  const to = audienceOf(request);
  const topic = publicTopic(request.channel ?? allTopics);
  return {
    channel,
    // Chabok's documentation writes private topics with and without.
    topic: to.kind === "users" ? topic.replace(/^private\//, "") : topic,
    to,
    content: contentOf(request),
    trackId: request.trackId ?? null,
    clientId: request.clientId ?? null,
    ttl: request.ttl ?? null,
    campaign: null,
  };
}

function audienceOf({ user, users, target, segment }: AnyRequest): SendPlan["to"] {
  if (target !== undefined || segment !== undefined)
    return { kind: "target", filter: filterOf({ target, segment }) };
  if (user === "*") return { kind: "topic" };
  return { kind: "users", users: [...new Set(users ?? [user ?? ""])] };
}

function contentOf(request: AnyRequest): MessageContent {
  const { content, data, inApp, live, silent, useAsAlert, alertText, autoNotify, notification, template } =
    request;
  const fallback = fallbackOf(request.fallback, content);
  return {
    ...{ content, data, inApp, live, silent, useAsAlert, alertText, autoNotify, notification, template },
    ...(fallback ? { fallback } : {}),
  };
}

/** What follows a message; its own text stands for one that has none. */
export const fallbackOf = (fallback: Fallback | undefined, content: string): MessageContent["fallback"] =>
  fallback && {
    ...{ channel: fallback.media, content: fallback.content ?? content, policy: fallback.policy },
    delay: fallback.policy === "NOT_CONNECTED" ? 0 : (fallback.delay ?? 0),
  };
