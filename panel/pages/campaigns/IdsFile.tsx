import { Alert, Button, FileButton, Group, Input } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileUpload } from "@tabler/icons-react";
import type { FileSegment } from "../../../server/segments/schema.ts";
import { asProblem } from "../../api/problem.ts";
import { useSegmentFromFile } from "../../api/segments.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";

interface IdsFileProps {
  /** Is given the id of the segment that the file became. */
  onTaken(segmentId: string): void;
  error?: string | undefined;
}

/** A file of user ids, which becomes a segment. */
export function IdsFile({ onTaken, error }: IdsFileProps) {
  const { strings } = useWords();
  const texts = strings.plan.file;
  const upload = useSegmentFromFile();
  const words = useFileWords();
  const take = (file: File | null) => {
    if (file === null) return;
    upload.mutate(file, {
      onSuccess: (answer) => {
        notifications.show({ title: texts.taken(answer.name), message: words(answer), autoClose: 15_000 });
        onTaken(answer.id);
      },
    });
  };
  const refused = upload.error === null ? null : asProblem(upload.error);
  return (
    <>
      <Input.Wrapper
        label={texts.label}
        labelElement="div"
        description={texts.hint}
        inputWrapperOrder={belowInput}
        error={refused === null ? error : undefined}
      >
        <Group>
          <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={take}>
            {(props) => (
              <Button
                {...props}
                variant="default"
                leftSection={<IconFileUpload size={16} />}
                loading={upload.isPending}
              >
                {texts.choose}
              </Button>
            )}
          </FileButton>
        </Group>
      </Input.Wrapper>
      {refused !== null && (
        <Alert color="red" variant="light" role="alert">
          <bdi>{refused.errors.map(({ detail }) => detail).join("; ") || refused.detail || refused.code}</bdi>
        </Alert>
      )}
    </>
  );
}

/** What became of the ids of a file, in words. */
function useFileWords(): (answer: FileSegment) => string {
  const { strings, format } = useWords();
  const texts = strings.plan.file;
  return ({ found, rows, unknown, unknownFirst }) => {
    const said = texts.found(format.number(found), format.number(rows));
    if (unknown === 0) return said;
    const shown = unknownFirst.slice(0, 5).map((id) => `\u2068${id}\u2069`);
    const others = unknown - shown.length;
    if (others > 0) shown.push(texts.more(format.number(others)));
    return `${said} ${texts.unknown(shown.join(strings.common.comma))}`;
  };
}
