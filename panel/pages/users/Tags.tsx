import { Badge } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import styles from "./Tags.module.css";

/** Tags as pills; of more than `limit` the rest are counted. */
export function Tags(props: { tags: readonly string[]; limit?: number }) {
  const { strings, format } = useWords();
  if (props.tags.length === 0) return <span className="faint">{strings.common.none}</span>;
  const shown = props.tags.slice(0, props.limit ?? props.tags.length);
  const rest = props.tags.slice(shown.length);
  return (
    <span className={styles.tags}>
      {shown.map((tag) => (
        <Badge key={tag} variant="default" radius="sm" className={styles.tag ?? ""} title={tag}>
          <bdi>{tag}</bdi>
        </Badge>
      ))}
      {rest.length > 0 && (
        <span className="faint" title={rest.join(", ")}>
          {strings.common.showMore(format.number(rest.length))}
        </span>
      )}
    </span>
  );
}
