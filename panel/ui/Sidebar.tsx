import { Select, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Session } from "../../server/signin/schema.ts";
import { useIsLive } from "../api/changes.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { type SessionApp, useMay } from "./appContext.ts";
import { ColourMenu } from "./ColourMenu.tsx";
import { LanguageSwitch } from "./LanguageSwitch.tsx";
import { useWords } from "./language.tsx";
import { Mark } from "./Mark.tsx";
import { places } from "./places.ts";
import styles from "./Sidebar.module.css";

interface SidebarProps {
  session: Session;
  app: SessionApp;
  onChangeApp(appId: string): void;
  /** Opens the palette. */
  onSearch(): void;
  /** Told when a link was followed, so that a drawer can close. */
  onNavigate(): void;
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** Where to go, and for whom: navigation, language, colours and account. */
export function Sidebar({ session, app, onChangeApp, onSearch, onNavigate }: SidebarProps) {
  const { strings } = useWords();
  const may = useMay();
  return (
    <div className={styles.sidebar}>
      <div className={styles.brand}>
        <Mark size={28} />
        <div className={styles.brandText}>
          <strong>{strings.product}</strong>
          {session.apps.length === 1 && (
            <span className="clamp-1 faint" dir="auto" title={app.appId}>
              {app.name}
            </span>
          )}
        </div>
        <LiveDot />
      </div>
      {session.apps.length > 1 && (
        <Select
          className={styles.apps ?? ""}
          aria-label={strings.nav.app}
          data={session.apps.map((item) => ({ value: item.appId, label: item.name }))}
          value={app.appId}
          allowDeselect={false}
          onChange={(value) => value !== null && onChangeApp(value)}
        />
      )}
      <UnstyledButton
        className={styles.search}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => {
          onNavigate();
          onSearch();
        }}
      >
        <IconSearch size={16} aria-hidden />
        <span>{strings.palette.open}</span>
        <kbd className={styles.key}>{isMac ? "⌘K" : "Ctrl K"}</kbd>
      </UnstyledButton>
      <nav className={styles.nav} aria-label={strings.nav.label}>
        {places
          .filter(({ links }) => links.some(({ needs }) => may(needs)))
          .map((group) => (
            <div key={group.title ?? "top"} className={styles.group}>
              {group.title !== null && <p className={styles.groupTitle}>{strings.nav[group.title]}</p>}
              <ul>
                {group.links
                  .filter(({ needs }) => may(needs))
                  .map(({ to, text, Icon }) => (
                    <li key={to}>
                      <Link
                        to={to}
                        className={styles.link}
                        activeProps={{ className: styles.active ?? "", "aria-current": "page" }}
                        activeOptions={{ exact: to === "/" }}
                        onClick={onNavigate}
                      >
                        <Icon size={17} stroke={1.7} aria-hidden />
                        {strings.nav[text]}
                      </Link>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
      </nav>
      <div className={styles.foot}>
        <div className={styles.switches}>
          <LanguageSwitch />
          <ColourMenu />
        </div>
        <AccountMenu account={session.account} onNavigate={onNavigate} />
      </div>
    </div>
  );
}

function LiveDot() {
  const { strings } = useWords();
  const isLive = useIsLive();
  return (
    <span
      className={`${styles.live} ${isLive ? styles.isLive : ""}`}
      title={isLive ? strings.live.onHint : strings.live.offHint}
      role="status"
    >
      <span className={styles.liveDot} aria-hidden />
      {isLive ? strings.live.on : <span className="visually-hidden">{strings.live.off}</span>}
    </span>
  );
}
