import {
  IconBell,
  IconBrandWhatsapp,
  IconInbox,
  IconMail,
  IconMessage2,
  type TablerIcon,
} from "@tabler/icons-react";

export const channels = ["inbox", "push", "email", "sms", "whatsapp"] as const;
export type ChannelName = (typeof channels)[number];

/** To a phone number, through a service: nothing is clicked that we could count. */
export const isByPhone = (channel: ChannelName): boolean => channel === "sms" || channel === "whatsapp";

export const channelIcons = {
  inbox: IconInbox,
  push: IconBell,
  email: IconMail,
  sms: IconMessage2,
  whatsapp: IconBrandWhatsapp,
} satisfies Record<ChannelName, TablerIcon>;
