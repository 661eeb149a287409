import { Pill } from "@mantine/core";
import { useImport } from "../../api/imports.ts";
import { useSegment } from "../../api/segments.ts";
import type { UserFilter } from "../../api/users.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./UsersPage.module.css";

interface FilterChipsProps {
  filter: UserFilter;
  onRemove(name: "segment" | "import" | "tag"): void;
}

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** What the list is narrowed to, each to be taken away. */
export function FilterChips({ filter, onRemove }: FilterChipsProps) {
  const { strings } = useWords();
  const texts = strings.users;
  const { segment, import: importId, tag } = filter;
  // A link may name a segment by its id or by its name.
  const segmentName =
    useSegment(segment !== undefined && isId(segment) ? segment : undefined).data?.name ?? segment;
  const fileName = useImport(importId).data?.name ?? importId;
  if (segment === undefined && importId === undefined && tag === undefined) return null;
  return (
    <ul className={styles.chips} aria-label={texts.filters}>
      {segment !== undefined && (
        <Chip text={texts.inSegment(segmentName ?? "")} onRemove={() => onRemove("segment")} />
      )}
      {importId !== undefined && (
        <Chip text={texts.ofImport(fileName ?? "")} onRemove={() => onRemove("import")} />
      )}
      {tag !== undefined && <Chip text={texts.withTag(tag)} onRemove={() => onRemove("tag")} />}
    </ul>
  );
}

function Chip({ text, onRemove }: { text: string; onRemove(): void }) {
  const { strings } = useWords();
  return (
    <li>
      <Pill
        size="md"
        withRemoveButton
        onRemove={onRemove}
        removeButtonProps={{
          "aria-label": strings.users.removeFilter(text),
          "aria-hidden": false,
          tabIndex: 0,
        }}
      >
        <bdi title={text}>{text}</bdi>
      </Pill>
    </li>
  );
}
