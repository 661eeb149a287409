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

export const channelIcons = {
  inbox: IconInbox,
  push: IconBell,
  email: IconMail,
  sms: IconMessage2,
  whatsapp: IconBrandWhatsapp,
} satisfies Record<ChannelName, TablerIcon>;
