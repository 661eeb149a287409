import { IconChevronLeft } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { useWords } from "./language.tsx";
import styles from "./PageHeader.module.css";

interface PageHeaderProps {
  title: string;
  lead?: ReactNode;
  /** The list this page belongs to. */
  parent?: {
    title: string;
    to:
      | "/imports"
      | "/users"
      | "/messages"
      | "/campaigns"
      | "/segments"
      | "/providers"
      | "/templates"
      | "/settings/webhooks";
  };
  /** Shown beside the title. */
  badge?: ReactNode;
  actions?: ReactNode;
}

/** Title of a page, where it belongs, and what can be done here. Names the browser's tab, too. */
export function PageHeader({ title, lead, parent, badge, actions }: PageHeaderProps) {
  const { strings } = useWords();
  useEffect(() => {
    document.title = `${title} · ${strings.product}`;
  }, [title, strings]);
  return (
    <header className={styles.header}>
      <div className={styles.text}>
        {parent && (
          <Link to={parent.to} className={styles.parent}>
            <IconChevronLeft size={14} aria-hidden className={styles.chevron} />
            {parent.title}
          </Link>
        )}
        <div className={styles.titleRow}>
          <h1 className={`${styles.title} along`} dir="auto">
            {title}
          </h1>
          {badge}
        </div>
        {lead !== undefined && <p className={styles.lead}>{lead}</p>}
      </div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </header>
  );
}
