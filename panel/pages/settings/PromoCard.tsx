import { Alert, Button, FileButton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileUpload } from "@tabler/icons-react";
import { asProblem } from "../../api/problem.ts";
import { usePromoSets, useUploadGlobalCodes } from "../../api/promo.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";

/** The promo codes of the app: how many are left, and new ones in their place. */
export function PromoCard() {
  const { strings, format } = useWords();
  const texts = strings.settings.promo;
  const sets = usePromoSets().data;
  const upload = useUploadGlobalCodes();
  const global = sets?.find(({ trackId }) => trackId === null);
  const refused = upload.error === null ? null : asProblem(upload.error);
  return (
    <Card title={texts.title} hint={texts.hint}>
      <Stack gap="md" align="flex-start">
        {sets !== undefined && (
          <p>
            {global === undefined
              ? texts.none
              : texts.left(format.number(global.left), format.number(global.total))}
          </p>
        )}
        <FileButton
          accept=".csv,.txt,text/csv,text/plain"
          onChange={(file) => {
            if (file === null) return;
            upload.mutate(file, {
              onSuccess: ({ totalRows }) =>
                notifications.show({ message: texts.taken(totalRows, format.number(totalRows)) }),
            });
          }}
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              leftSection={<IconFileUpload size={16} />}
              loading={upload.isPending}
            >
              {texts.upload}
            </Button>
          )}
        </FileButton>
        {refused !== null && (
          <Alert color="red" variant="light" role="alert">
            <bdi>
              {refused.errors.map(({ detail }) => detail).join("; ") || refused.detail || refused.code}
            </bdi>
          </Alert>
        )}
      </Stack>
    </Card>
  );
}
