import { flushSync } from "react-dom";
import { newIdempotencyKey } from "../../api/client.ts";
import { useUploadCodes } from "../../api/promo.ts";
import type { ComposerValues } from "./composerValues.ts";

/**
 * Gives a campaign promo codes of its own: they belong to its track id, which is made and saved first where it has none.
 * Answers how many there are.
 */
export function useCampaignCodes(
  values: ComposerValues,
  update: (edit: (old: ComposerValues) => ComposerValues) => void,
  flush: () => Promise<string | null>,
): (file: File) => Promise<number> {
  const { mutateAsync: upload } = useUploadCodes();
  return async (file) => {
    const trackId = values.rest.content.trackId ?? `codes-${newIdempotencyKey().slice(0, 8)}`;
    flushSync(() =>
      update((old) => ({ ...old, rest: { ...old.rest, content: { ...old.rest.content, trackId } } })),
    );
    await flush();
    return (await upload({ trackId, file })).totalRows;
  };
}
