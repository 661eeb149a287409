import { Button } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { PagePlace } from "../api/pages.ts";
import { useWords } from "./language.tsx";
import styles from "./Pager.module.css";

/** Steps through a keyset list. Not there when everything fits on one page. */
export function Pager(props: { place: PagePlace; nextCursor: string | null; isBusy: boolean }) {
  const { strings, format } = useWords();
  const { place, nextCursor, isBusy } = props;
  if (place.number === 1 && nextCursor === null) return null;
  return (
    <nav className={styles.pager} aria-label={strings.common.pager}>
      <Button
        variant="default"
        size="xs"
        className={styles.step ?? ""}
        disabled={place.number === 1}
        onClick={place.previous}
        leftSection={<IconChevronLeft size={14} className={styles.turn} />}
      >
        {strings.common.previous}
      </Button>
      <span className="faint number" aria-live="polite">
        {strings.common.page(format.number(place.number))}
      </span>
      <Button
        variant="default"
        size="xs"
        className={styles.step ?? ""}
        loading={isBusy}
        disabled={nextCursor === null}
        onClick={() => nextCursor !== null && place.next(nextCursor)}
        rightSection={<IconChevronRight size={14} className={styles.turn} />}
      >
        {strings.common.next}
      </Button>
    </nav>
  );
}
