import { ActionIcon, Input } from "@mantine/core";
import { IconTargetArrow, IconX } from "@tabler/icons-react";
import { useSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { SegmentFilter } from "../users/SegmentFilter.tsx";
import styles from "./ScopeFields.module.css";

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

interface SegmentChoiceProps {
  /** Id, or in a link the name; undefined is everyone. */
  value: string | undefined;
  onChange(segment: string | undefined): void;
}

/** A segment to look at alone, and the way back to everyone. */
export function SegmentChoice({ value, onChange }: SegmentChoiceProps) {
  const { strings } = useWords();
  const texts = strings.behaviours;
  const named = useSegment(value !== undefined && isId(value) ? value : undefined);
  // An id says nothing to anybody, so it is shown only when its name cannot be had.
  const name = named.data?.name ?? (named.isLoading ? "…" : value);
  return (
    <Input.Wrapper label={texts.segment} labelElement="div">
      {name === undefined ? (
        <SegmentFilter onChoose={onChange} />
      ) : (
        <div className={styles.segment}>
          <IconTargetArrow size={16} aria-hidden />
          <bdi className="clamp-1" title={name}>
            {name}
          </bdi>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={texts.removeSegment(name)}
            onClick={() => onChange(undefined)}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      )}
    </Input.Wrapper>
  );
}
