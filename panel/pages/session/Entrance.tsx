import type { ReactNode } from "react";
import { ColourMenu } from "../../ui/ColourMenu.tsx";
import { LanguageSwitch } from "../../ui/LanguageSwitch.tsx";
import { Mark } from "../../ui/Mark.tsx";
import styles from "./Entrance.module.css";

/** The frame of the pages before signing in. */
export function Entrance(props: { title: string; lead: string; children: ReactNode }) {
  return (
    <div className={styles.entrance}>
      <div className={styles.top}>
        <LanguageSwitch />
        <ColourMenu />
      </div>
      <main className={styles.main}>
        <div className={styles.brand}>
          <Mark size={40} />
          <h1>{props.title}</h1>
          <p>{props.lead}</p>
        </div>
        <div className={styles.card}>{props.children}</div>
      </main>
    </div>
  );
}
