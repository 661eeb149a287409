import { type ReactNode, useEffect, useState } from "react";
import styles from "./Folded.module.css";

interface FoldedProps {
  title: string;
  /** Something in it must be seen, as what is at fault: it opens, and stays open once that is mended. */
  mustShow?: boolean;
  children: ReactNode;
}

/** What hardly anybody needs, folded away. */
export function Folded({ title, mustShow = false, children }: FoldedProps) {
  const [isOpen, setOpen] = useState(mustShow);
  useEffect(() => {
    if (mustShow) setOpen(true);
  }, [mustShow]);
  return (
    <details
      className={styles.folded}
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>{title}</summary>
      {children}
    </details>
  );
}
