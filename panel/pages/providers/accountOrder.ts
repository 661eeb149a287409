import type { PushService } from "../../../server/channels/schema.ts";
import type { ProviderAccount } from "../../../server/providers/schema.ts";

/** Where devices that get push are. */
const platforms = ["android", "ios", "web"] as const;
export type Platform = (typeof platforms)[number];

/** The provider that is made for the devices of a platform. */
export const providerFor: Record<Platform, PushService> = { android: "fcm", ios: "apns", web: "webpush" };

type Order = Pick<ProviderAccount, "priority" | "createdAt">;

/** The order in which accounts of a channel are used: by their numbers, and of the same number the older first. */
export const inOrder = <T extends Order>(accounts: readonly T[]): T[] =>
  [...accounts].sort(
    (a, b) => a.priority - b.priority || (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0),
  );

/** The platforms that tokens of these services are from; null is any. */
export const platformsOf = (services: readonly PushService[] | null): readonly Platform[] =>
  services === null ? platforms : platforms.filter((platform) => services.includes(providerFor[platform]));

/** Platforms that no account which is switched on reaches. */
export function unreached(
  accounts: readonly Pick<ProviderAccount, "isActive" | "tokenServices">[],
): Platform[] {
  const reached = new Set(
    accounts.flatMap(({ isActive, tokenServices }) => (isActive ? platformsOf(tokenServices) : [])),
  );
  return platforms.filter((platform) => !reached.has(platform));
}

/** A part of a channel that an account can serve: of push a platform, of the others all of it. */
type Part = Platform | "all";

/** When an account is used. Both may hold, for different platforms; neither does for one that is switched off. */
export interface Turn<T> {
  account: T;
  /** What it serves as the first one. */
  first: Part[];
  /** What it serves in place of another, the nearest before it. */
  after: { account: T; parts: Part[] }[];
  /** No other account that is on serves what it does. */
  isAlone: boolean;
}

type Ranked = Order & Pick<ProviderAccount, "id" | "channel" | "isActive" | "tokenServices">;

/** What an account serves: nothing while it is switched off. */
const partsOf = ({ isActive, channel, tokenServices }: Ranked): readonly Part[] =>
  !isActive ? [] : channel === "push" ? platformsOf(tokenServices) : ["all"];

/** When each account of a channel is used, in their order. */
export function turnsOf<T extends Ranked>(accounts: readonly T[]): Turn<T>[] {
  const latest = new Map<Part, T>();
  return inOrder(accounts).map((account) => {
    const parts = partsOf(account);
    const others = accounts.filter((other) => other !== account);
    const isAlone = !others.some((other) => partsOf(other).some((part) => parts.includes(part)));
    const turn: Turn<T> = { account, first: [], after: [], isAlone };
    for (const part of parts) {
      const before = latest.get(part);
      const same = turn.after.find((item) => item.account === before);
      if (before === undefined) turn.first.push(part);
      else if (same === undefined) turn.after.push({ account: before, parts: [part] });
      else same.parts.push(part);
      latest.set(part, account);
    }
    return turn;
  });
}

/** The numbers that change when one of the accounts goes up (-1) or down (1) by a place. */
export function moved(
  accounts: readonly (Order & Pick<ProviderAccount, "id">)[],
  id: string,
  by: -1 | 1,
): { id: string; priority: number }[] {
  const order = inOrder(accounts);
  const from = order.findIndex((account) => account.id === id);
  const to = from + by;
  const account = order[from];
  if (account === undefined || to < 0 || to >= order.length) return [];
  order.splice(from, 1);
  order.splice(to, 0, account);
  return order.flatMap((item, priority) => (item.priority === priority ? [] : [{ id: item.id, priority }]));
}
