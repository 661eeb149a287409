import { Alert, UnstyledButton } from "@mantine/core";
import type { Review } from "../../../server/campaigns/schema.ts";
import { useLanguage, useWords } from "../../ui/language.tsx";
import styles from "./Review.module.css";

interface ReviewNotesProps {
  review: Review;
  /** Shows the field that a pointer names. */
  onShow(pointer: string): void;
}

/** What stands in the way of a launch, and what is worth a look before it. */
export function ReviewNotes({ review, onShow }: ReviewNotesProps) {
  const { strings, format } = useWords();
  // The server's sentence says more, in English; that of an account is its provider's.
  const { language } = useLanguage();
  const texts = strings.plan.review;
  return (
    <>
      {review.faults.length > 0 && (
        <Alert color="red" variant="light" title={texts.faults} role="alert">
          <ul className={styles.notes}>
            {review.faults.map(({ pointer, detail }) => (
              <li key={`${pointer} ${detail}`}>
                <bdi>{detail}</bdi>{" "}
                <UnstyledButton className="text-link" onClick={() => onShow(pointer)}>
                  {texts.show}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </Alert>
      )}
      {review.warnings.length > 0 && (
        <Alert color="yellow" variant="light" title={texts.warnings} role="status">
          <ul className={styles.notes}>
            {review.warnings.map(({ code, count, detail }) => (
              <li key={code}>
                {texts.warningNames[code]}
                {count !== null && <> ({format.number(count)})</>}
                {(language === "en" || code === "account_paused") && (
                  <span className={`${styles.detail} along`} dir="auto">
                    {detail}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </Alert>
      )}
    </>
  );
}
