import { Stack } from "@mantine/core";
import { usePromoSets, useUploadCodes } from "../../api/promo.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { UploadCodes } from "../../ui/UploadCodes.tsx";

/** The promo codes of the app: how many are left, and new ones in their place. */
export function PromoCard() {
  const { strings, format } = useWords();
  const texts = strings.settings.promo;
  const sets = usePromoSets().data;
  const { mutateAsync: upload } = useUploadCodes();
  const global = sets?.find(({ trackId }) => trackId === null);
  return (
    <Card>
      <Stack gap="md" align="flex-start">
        {sets !== undefined && (
          <p>
            {global === undefined
              ? texts.none
              : texts.left(format.number(global.left), format.number(global.total))}
          </p>
        )}
        <UploadCodes
          label={texts.upload}
          onUpload={async (file) => (await upload({ trackId: null, file })).totalRows}
        />
      </Stack>
    </Card>
  );
}
