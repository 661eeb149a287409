import { ActionIcon, Button, Group, Modal, Stack, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { StoredFile } from "../../../server/files/schema.ts";
import { useFiles, useRemoveFile } from "../../api/files.ts";
import { useWords } from "../../ui/language.tsx";
import { ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./Images.module.css";

interface ImageLibraryProps {
  isOpen: boolean;
  onClose(): void;
  onChoose(file: StoredFile): void;
}

/** The images that were uploaded before, to be taken again or deleted. */
export function ImageLibrary({ isOpen, onClose, onChoose }: ImageLibraryProps) {
  const { strings } = useWords();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="xl"
      title={<strong>{strings.email.image.library}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Files onChoose={onChoose} />
    </Modal>
  );
}

function Files({ onChoose }: Pick<ImageLibraryProps, "onChoose">) {
  const { strings } = useWords();
  const texts = strings.email.image;
  const query = useFiles();
  const remove = useRemoveFile();
  const sayProblem = useSayProblem();
  const [doomed, setDoomed] = useState<StoredFile | null>(null);
  const files = query.data?.pages.flatMap(({ data }) => data) ?? [];
  if (query.isPending) return <RowsSkeleton rows={3} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (doomed !== null)
    return (
      <Stack gap="md">
        <p>{texts.removeSure(`\u2068${doomed.name}\u2069`)}</p>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => setDoomed(null)} data-autofocus>
            {strings.common.cancel}
          </Button>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() =>
              remove.mutate(doomed.id, {
                onSuccess: () => {
                  notifications.show({ message: texts.removed });
                  setDoomed(null);
                },
                onError: sayProblem,
              })
            }
          >
            {texts.removeConfirm}
          </Button>
        </Group>
      </Stack>
    );
  if (files.length === 0) return <p className="faint">{texts.libraryEmpty}</p>;
  return (
    <Stack gap="md">
      <ul className={styles.files}>
        {files.map((file) => (
          <li key={file.id} className={styles.file}>
            <UnstyledButton
              className={styles.pick}
              aria-label={texts.choose(file.name)}
              onClick={() => onChoose(file)}
            >
              <img src={file.path} alt="" loading="lazy" className={styles.image} />
            </UnstyledButton>
            <div className={styles.about}>
              <FileFacts file={file} />
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label={texts.remove(file.name)}
                onClick={() => setDoomed(file)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </div>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {texts.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function FileFacts({ file: { name, width, height, bytes } }: { file: StoredFile }) {
  const { strings, format } = useWords();
  return (
    <span className={styles.facts}>
      <bdi className="clamp-1" title={name}>
        {name}
      </bdi>
      <span className="faint clamp-1">
        {strings.email.image.pixels(format.number(width), format.number(height))} · {format.bytes(bytes)}
      </span>
    </span>
  );
}
