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

/** The main pages, as the sidebar and the palette list them, and what somebody needs to see one. */
export const places = [
  { title: null, links: [{ to: "/", text: "home", Icon: IconHome, needs: "dashboard:read" }] },
  {
    title: "engage",
    links: [
      { to: "/campaigns", text: "campaigns", Icon: IconSpeakerphone, needs: "campaigns:read" },
      { to: "/messages", text: "messages", Icon: IconMessage, needs: "messages:read" },
      { to: "/templates", text: "templates", Icon: IconTemplate, needs: "templates:read" },
      { to: "/segments", text: "segments", Icon: IconTargetArrow, needs: "segments:read" },
    ],
  },
  {
    title: "people",
    links: [
      { to: "/users", text: "users", Icon: IconAddressBook, needs: "users:read" },
      { to: "/behaviours", text: "behaviours", Icon: IconChartBar, needs: "events:read" },
      { to: "/imports", text: "imports", Icon: IconFileImport, needs: "imports:read" },
    ],
  },
  {
    title: "operate",
    links: [
      { to: "/providers", text: "providers", Icon: IconPlugConnected, needs: "providers:read" },
      { to: "/setup", text: "setup", Icon: IconCode, needs: "settings:read" },
      { to: "/settings", text: "settings", Icon: IconSettings, needs: "settings:read" },
    ],
  },
] as const;
