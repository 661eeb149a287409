import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { SegmentDetail } from "../../../server/segments/schema.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useRemoveSegment } from "../../api/segments.ts";
import { useWords } from "../../ui/language.tsx";
import { useSayDeleted } from "../../ui/useRestore.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { SegmentUses } from "./SegmentUses.tsx";

interface RemoveSegmentProps {
  segment: SegmentDetail;
  isOpen: boolean;
  onClose(): void;
}

/** Deletes a segment after asking; where others are made of it, says which. */
export function RemoveSegment({ segment, isOpen, onClose }: RemoveSegmentProps) {
  const { strings } = useWords();
  const texts = strings.segments.detail;
  const remove = useRemoveSegment(segment.id);
  const sayProblem = useSayProblem();
  const sayDeleted = useSayDeleted();
  const navigate = useNavigate();
  const refusal =
    remove.error instanceof ApiProblem && remove.error.code === "conflict" ? remove.error : null;
  const isUsed = segment.usedBy.length > 0;
  const close = () => {
    remove.reset();
    onClose();
  };
  const confirm = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        sayDeleted("segments", segment.id, texts.removed(segment.name));
        void navigate({ to: "/segments" });
      },
      onError: (error) => {
        if (!(error instanceof ApiProblem && error.code === "conflict")) sayProblem(error);
      },
    });
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={<strong>{texts.removeTitle(segment.name)}</strong>}
      closeButtonProps={{ "aria-label": strings.common.close }}
    >
      <Stack gap="md">
        <p>
          {texts.removeText} {strings.common.restorable}
        </p>
        {(isUsed || refusal !== null) && (
          <Alert color="red" role="alert" title={texts.inUse}>
            {refusal !== null && !isUsed && <span dir="auto">{refusal.detail}</span>}
            <SegmentUses uses={segment.usedBy} />
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {strings.common.cancel}
          </Button>
          <Button color="red" onClick={confirm} loading={remove.isPending} disabled={isUsed}>
            {texts.remove}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
