import { Link } from "@tanstack/react-router";
import type { SampleUser } from "../../../server/segments/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./SegmentBuilder.module.css";

/** A few of those who match, each with the way to the profile. */
export function Samples({ samples }: { samples: readonly SampleUser[] }) {
  const { strings } = useWords();
  const texts = strings.segments;
  return (
    <Card title={texts.samples} hint={texts.samplesHint}>
      {samples.length === 0 ? (
        <p className="faint">{texts.nobody}</p>
      ) : (
        <ul className={styles.samples} aria-label={texts.samples}>
          {samples.map(({ userId, isGuest, name, email, phone }) => (
            <li key={userId} className={styles.sample}>
              <Link
                to="/users/$userId"
                params={{ userId }}
                className="text-link clamp-1"
                dir="auto"
                title={userId}
              >
                {name ?? userId}
              </Link>
              <bdi className="faint clamp-1">
                {isGuest ? strings.users.guest : (email ?? (phone === null ? "" : `\u200e+${phone}`))}
              </bdi>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
