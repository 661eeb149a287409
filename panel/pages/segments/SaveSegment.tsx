import { Button, Menu, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBookmark, IconChevronDown } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Segment } from "../../../server/segments/schema.ts";
import { type Filter, useEditSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { SaveForm } from "./SaveForm.tsx";
import styles from "./SaveSegment.module.css";

interface SaveSegmentProps {
  /** Null cannot be kept. */
  filter: Filter | null;
  /** The segment that is edited; null for a new one. */
  segment: Segment | null;
  onSaved(): void;
}

/** Keeps a filter: in the segment it came from, as a new one, or as a list of those who match now. */
export function SaveSegment({ filter, segment, onSaved }: SaveSegmentProps) {
  const { strings } = useWords();
  const texts = strings.segments.save;
  const [kind, setKind] = useState<Segment["kind"] | null>(null);
  const navigate = useNavigate();
  const show = (saved: Segment) => {
    onSaved();
    notifications.show({ message: texts.saved(saved.name) });
    void navigate({ to: "/segments/$segmentId", params: { segmentId: saved.id } });
  };
  return (
    <div className={styles.save}>
      {segment === null ? (
        <Button
          className={styles.main ?? ""}
          disabled={filter === null}
          onClick={() => setKind("dynamic")}
          leftSection={<IconBookmark size={16} />}
        >
          {texts.new}
        </Button>
      ) : (
        <SaveChanges segment={segment} filter={filter} onSaved={show} />
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button className={styles.more ?? ""} disabled={filter === null} aria-label={texts.more}>
            <IconChevronDown size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {segment !== null && <Menu.Item onClick={() => setKind("dynamic")}>{texts.asNew}</Menu.Item>}
          <Menu.Item onClick={() => setKind("static")}>{texts.asList}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={kind !== null && filter !== null}
        onClose={() => setKind(null)}
        title={<strong>{kind === "static" ? texts.listTitle : texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        {kind !== null && filter !== null && (
          <SaveForm kind={kind} filter={filter} onSaved={show} onClose={() => setKind(null)} />
        )}
      </Modal>
    </div>
  );
}

interface SaveChangesProps {
  segment: Segment;
  filter: Filter | null;
  onSaved(saved: Segment): void;
}

function SaveChanges({ segment, filter, onSaved }: SaveChangesProps) {
  const { strings } = useWords();
  const edit = useEditSegment(segment.id);
  const sayProblem = useSayProblem();
  return (
    <Button
      className={styles.main ?? ""}
      disabled={filter === null}
      loading={edit.isPending}
      onClick={() => filter !== null && edit.mutate({ filter }, { onSuccess: onSaved, onError: sayProblem })}
      leftSection={<IconBookmark size={16} />}
    >
      {strings.segments.save.changes}
    </Button>
  );
}
