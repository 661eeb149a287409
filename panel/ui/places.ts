import {
  IconAddressBook,
  IconChartBar,
  IconCode,
  IconFileImport,
  IconHome,
  IconMessage,
  IconPlugConnected,
  IconSettings,
  IconSpeakerphone,
  IconTargetArrow,
  IconTemplate,
} from "@tabler/icons-react";

/** The main pages, as the sidebar and the palette list them. */
export const places = [
  { title: null, links: [{ to: "/", text: "home", Icon: IconHome }] },
  {
    title: "engage",
    links: [
      { to: "/campaigns", text: "campaigns", Icon: IconSpeakerphone },
      { to: "/messages", text: "messages", Icon: IconMessage },
      { to: "/templates", text: "templates", Icon: IconTemplate },
      { to: "/segments", text: "segments", Icon: IconTargetArrow },
    ],
  },
  {
    title: "people",
    links: [
      { to: "/users", text: "users", Icon: IconAddressBook },
      { to: "/behaviours", text: "behaviours", Icon: IconChartBar },
      { to: "/imports", text: "imports", Icon: IconFileImport },
    ],
  },
  {
    title: "operate",
    links: [
      { to: "/providers", text: "providers", Icon: IconPlugConnected },
      { to: "/setup", text: "setup", Icon: IconCode },
      { to: "/settings", text: "settings", Icon: IconSettings },
    ],
  },
] as const;
