import type { ComponentProps, ReactNode } from "react";
import { PageHeader } from "../../ui/PageHeader.tsx";
import styles from "./SettingsFrame.module.css";
import { SettingsNav } from "./SettingsNav.tsx";

interface SettingsFrameProps {
  title: string;
  lead?: string;
  actions?: ReactNode;
  /** The list that it is one of. */
  parent?: ComponentProps<typeof PageHeader>["parent"];
  /** As wide as tables need it. */
  isWide?: boolean;
  children: ReactNode;
}

/** One part of the settings, with the way to the others beside it. */
export function SettingsFrame({ title, lead, actions, parent, isWide, children }: SettingsFrameProps) {
  return (
    <div className={styles.frame}>
      <SettingsNav />
      <div className={`${styles.content} ${isWide ? styles.wide : ""}`}>
        <PageHeader title={title} lead={lead} actions={actions} {...(parent && { parent })} />
        <div className={styles.parts}>{children}</div>
      </div>
    </div>
  );
}
