import type { Condition } from "./condition.ts";
import type { BuiltInField, Field } from "./fields.ts";

/** What a condition speaks of: decides which tables a question needs, and how they are joined. */
export interface Nature {
  user: boolean;
  device: boolean;
  /** It may hold for a user without a device. */
  mayLackDevice: boolean;
  /** It holds for everybody. */
  isEverybody: boolean;
}

const ofUser = new Set<BuiltInField>([
  ...(["tags", "userId", "email", "phone", "sample", "isTest", "userState", "createdAt"] as const),
]);

const isOfDevice = (field: Field): boolean =>
  typeof field === "string" ? !ofUser.has(field) : "lifetimeAt" in field;

export function natureOf(condition: Condition): Nature {
  const { user, device, lacking } = judge(condition);
  return {
    ...{ user, device, mayLackDevice: lacking.holds },
    isEverybody: !user && !device && !lacking.fails,
  };
}

/** Beside what it speaks of, what it can come to for a user without a device: all that it asks of one is missing. */
interface Judgement {
  user: boolean;
  device: boolean;
  lacking: { holds: boolean; fails: boolean };
}

const ofSomebody: Judgement = { user: true, device: false, lacking: { holds: true, fails: true } };

const ofDevice = (holds: boolean): Judgement => ({
  ...{ user: false, device: true },
  lacking: { holds, fails: !holds },
});

function judge(condition: Condition): Judgement {
  switch (condition.kind) {
    case "all":
    case "any": {
      const all = condition.kind === "all";
      const inner = condition.conditions.map(judge);
      return {
        user: inner.some(({ user }) => user),
        device: inner.some(({ device }) => device),
        lacking: {
          holds: inner[all ? "every" : "some"](({ lacking }) => lacking.holds),
          fails: inner[all ? "some" : "every"](({ lacking }) => lacking.fails),
        },
      };
    }
    case "not": {
      const { lacking, ...inner } = judge(condition.condition);
      return { ...inner, lacking: { holds: lacking.fails, fails: lacking.holds } };
    }
    case "channel": {
      const isUsers = condition.channels.some((channel) => channel !== "inbox" && channel !== "push");
      const isDevices = condition.channels.some((channel) => channel === "inbox" || channel === "push");
      if (!isUsers) return ofDevice(condition.negated);
      return { ...ofSomebody, device: isDevices };
    }
    case "member":
    case "imported":
    case "messaged":
    case "did":
    case "matching":
      return ofSomebody;
  }
  if (!isOfDevice(condition.field)) return ofSomebody;
  // The device's, or else the user's.
  if (condition.field === "language") return { ...ofSomebody, device: true };
  switch (condition.kind) {
    case "compare":
      return ofDevice(condition.operator === "neq");
    case "in":
      return ofDevice(condition.negated !== condition.values.includes(null));
    case "match":
      return ofDevice(condition.negated);
    case "exists":
      return ofDevice(!condition.exists);
    case "between":
    case "near":
      return ofDevice(false);
    default:
      return condition satisfies never;
  }
}
