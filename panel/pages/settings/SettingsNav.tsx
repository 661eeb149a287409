import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Permission } from "../../../server/accounts/roles.ts";
import { useMay } from "../../ui/appContext.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./SettingsNav.module.css";

/** The parts of the settings, and what somebody needs to see one. */
const sections = [
  { to: "/settings", text: "general", permission: "settings:read" },
  { to: "/settings/apps", text: "apps", permission: "settings:read" },
  { to: "/settings/texts", text: "texts", permission: "settings:read" },
  { to: "/settings/topics", text: "topics", permission: "settings:read" },
  { to: "/settings/promo", text: "promo", permission: "campaigns:read" },
  { to: "/settings/webhooks", text: "webhooks", permission: "webhooks:read" },
  { to: "/settings/retention", text: "retention", permission: "settings:read" },
  { to: "/settings/team", text: "team", permission: "team:read" },
  { to: "/settings/tokens", text: "tokens", permission: "tokens:read" },
  { to: "/settings/audit", text: "audit", permission: "audit:read" },
] as const satisfies readonly { to: string; text: string; permission: Permission }[];

/** Leads from one part of the settings to another: a list beside them, on a phone tabs above. */
export function SettingsNav() {
  const { strings } = useWords();
  const may = useMay();
  const shown = sections.filter(({ permission }) => may(permission));
  const nav = useRef<HTMLElement>(null);
  // On a phone the tabs go beyond the screen, and where somebody is should be on it.
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
  return (
    <nav ref={nav} className={styles.nav} aria-label={strings.settings.nav.label}>
      {shown.map(({ to, text }) => (
        <Link
          key={to}
          to={to}
          className={styles.link}
          activeProps={{ className: styles.active ?? "", "aria-current": "page" }}
          activeOptions={{ exact: to === "/settings" }}
        >
          {strings.settings.nav[text]}
        </Link>
      ))}
    </nav>
  );
}
