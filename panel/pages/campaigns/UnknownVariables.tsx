import { Alert } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useContentCheck } from "../../api/savedTemplates.ts";
import { useWords } from "../../ui/language.tsx";
import type { ComposerValues } from "./composerValues.ts";
import { writeContent } from "./contentValues.ts";
import styles from "./Review.module.css";

/** Variables that nobody has a value for, as they are written wrongly most of the time. */
export function UnknownVariables({ values }: { values: ComposerValues }) {
  const { strings } = useWords();
  const texts = strings.plan.variables;
  const [settled] = useDebouncedValue(values, 800);
  const unknown = useContentCheck(writeContent(settled, settled.channel)).data?.unknown ?? [];
  if (unknown.length === 0) return null;
  const details = new Map(unknown.map(({ path, detail }) => [path, detail]));
  return (
    <Alert color="yellow" variant="light" role="status" title={texts.unknown}>
      <ul className={styles.notes}>
        {[...details].map(([path, detail]) => (
          <li key={path}>
            <code dir="ltr">{`{{ ${path} }}`}</code>
            <span className={`${styles.detail} along`} dir="auto">
              {detail}
            </span>
          </li>
        ))}
      </ul>
      <p className={styles.detail}>{texts.unknownHint}</p>
    </Alert>
  );
}
