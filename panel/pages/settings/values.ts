import type { Settings, SettingsChange } from "../../../server/accounts/settings-schema.ts";
import type { Strings } from "../../strings/en.ts";
import { readWhole } from "../campaigns/plan.ts";

/** The settings as they are typed. */
export interface SettingsValues {
  name: string;
  timeZone: string;
  hasQuiet: boolean;
  from: string;
  to: string;
  hasCap: boolean;
  messages: string;
  hours: string;
}

/** What is begun with where the app has none. */
const usual = { from: "22:00", to: "08:00", messages: "3", hours: "24" };

/** What is saved as it is shown. */
export function valuesOf({ name, timeZone, quietHours, frequencyCap }: Settings): SettingsValues {
  return {
    ...usual,
    name,
    timeZone,
    hasQuiet: quietHours !== null,
    ...quietHours,
    hasCap: frequencyCap !== null,
    ...(frequencyCap !== null && {
      messages: String(frequencyCap.messages),
      hours: String(frequencyCap.hours),
    }),
  };
}

const isTime = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
const capOf = ({ messages, hours }: SettingsValues) => ({
  messages: readWhole(messages, 1, 50),
  hours: readWhole(hours, 1, 720),
});

type Field = "name" | "from" | "to" | "messages" | "hours";

/** What is wrong, by the field it is wrong in. */
export function faultsOf(values: SettingsValues, { settings }: Strings): Partial<Record<Field, string>> {
  const { name, hasQuiet, from, to, hasCap } = values;
  const cap = capOf(values);
  return {
    ...(name.trim() === "" && { name: settings.nameWrong }),
    ...(hasQuiet && !isTime(from) && { from: settings.time }),
    ...(hasQuiet && (isTime(to) ? to === from && { to: settings.same } : { to: settings.time })),
    ...(hasCap && cap.messages === null && { messages: settings.messagesWrong }),
    ...(hasCap && cap.hours === null && { hours: settings.hoursWrong }),
  };
}

/** What is saved; null while a number is none. */
export function writeSettings(values: SettingsValues): SettingsChange | null {
  const { name, timeZone, hasQuiet, from, to, hasCap } = values;
  const { messages, hours } = capOf(values);
  if (hasCap && (messages === null || hours === null)) return null;
  return {
    name: name.trim(),
    timeZone,
    quietHours: hasQuiet ? { from, to } : null,
    frequencyCap: hasCap && messages !== null && hours !== null ? { messages, hours } : null,
  };
}
