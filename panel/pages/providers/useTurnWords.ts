import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { platformsOf, type Turn } from "./accountOrder.ts";

/** Sentences on when an account is used. */
export function useTurnWords({ account, first, after, isAlone }: Turn<ProviderAccount>): string[] {
  const { strings, format } = useWords();
  const texts = strings.providers.turn;
  if (!account.isActive) return [texts.off];
  if (isAlone) return [texts.alone];
  const all = account.channel === "push" ? platformsOf(account.tokenServices).length : 1;
  const listed = (parts: (typeof first)[number][]) =>
    format.list(
      parts.flatMap((part) => (part === "all" ? [] : [strings.push.platforms[part]])),
      "conjunction",
    );
  const isWhole = (parts: readonly unknown[]) => parts.length === all;
  return [
    ...(first.length === 0 ? [] : [isWhole(first) ? texts.first : texts.firstOn(listed(first))]),
    ...after.map(({ account: before, parts }) => {
      const name = `\u2068${before.name}\u2069`;
      // A paused account sends nothing until somebody mends it.
      const isNow = before.status === "misconfigured";
      if (isWhole(parts)) return isNow ? texts.now(name) : texts.next(name);
      return isNow ? texts.nowOn(name, listed(parts)) : texts.nextOn(name, listed(parts));
    }),
  ];
}
