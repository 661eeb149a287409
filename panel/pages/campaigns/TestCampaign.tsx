import { Button, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconTestPipe } from "@tabler/icons-react";
import { useState } from "react";
import { useTestCampaign } from "../../api/campaigns.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { letterOf } from "./place.ts";
import { UserTags } from "./UserTags.tsx";

interface TestCampaignProps {
  /** Saves what is not saved yet. */
  flush(): Promise<string | null>;
  isWritten: boolean;
  /** How many contents there are, and which is written at the moment. */
  contents: number;
  variant: number;
}

/** Sends the draft to a few users, to see it where they will. */
export function TestCampaign({ isWritten, ...props }: TestCampaignProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.test;
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconTestPipe size={16} />}
        disabled={!isWritten}
        onClick={dialog.open}
      >
        {texts.action}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={<strong>{texts.title}</strong>}
        closeButtonProps={{ "aria-label": strings.common.close }}
      >
        <TestForm {...props} onClose={dialog.close} />
      </Modal>
    </>
  );
}

const mostUsers = 20;

const tos = ["users", "testDevices"] as const;

function TestForm(props: Omit<TestCampaignProps, "isWritten"> & { onClose(): void }) {
  const { flush, contents, onClose } = props;
  const { strings, format } = useWords();
  const texts = strings.campaigns.test;
  const words = strings.plan.test;
  const test = useTestCampaign();
  const sayProblem = useSayProblem();
  const [to, setTo] = useState<(typeof tos)[number]>("users");
  const [variant, setVariant] = useState(props.variant);
  const [users, setUsers] = useState<string[]>([]);
  const [isEmpty, setEmpty] = useState(false);
  const [isSaving, setSaving] = useState(false);

  const submit = async () => {
    if (to === "users" && users.length === 0) return setEmpty(true);
    setSaving(true);
    try {
      const id = await flush();
      if (id === null) return;
      const whom = to === "users" ? { users } : { testDevices: true as const };
      const { count } = await test.mutateAsync({ id, test: { ...whom, variant } });
      notifications.show({ message: texts.sent(count, format.number(count)) });
      onClose();
    } catch (error) {
      sayProblem(error);
    } finally {
      setSaving(false);
    }
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="md">
        <p>{texts.hint}</p>
        <Choice<(typeof tos)[number]>
          label={words.to}
          data={tos.map((value) => ({ value, label: words.tos[value] }))}
          value={to}
          onChange={(value) => setTo(value)}
        />
        {to === "testDevices" ? (
          <p className="faint">{words.testDevicesHint}</p>
        ) : (
          <UserTags
            label={texts.users}
            hint={texts.usersHint}
            most={mostUsers}
            isFirst
            value={users}
            onChange={(next) => {
              setEmpty(false);
              setUsers(next);
            }}
            error={isEmpty ? texts.usersRequired : undefined}
          />
        )}
        {contents > 1 && (
          <Choice
            label={words.variant}
            data={Array.from({ length: contents }, (_, index) => ({
              value: String(index),
              label: letterOf(index),
            }))}
            value={String(variant)}
            onChange={(value) => setVariant(Number(value))}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {strings.common.cancel}
          </Button>
          <Button type="submit" loading={isSaving}>
            {texts.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
