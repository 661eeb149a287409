import { TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { usePromoSets } from "../../api/promo.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import { UploadCodes } from "../../ui/UploadCodes.tsx";
import type { PartProps } from "./BasicsCard.tsx";
import styles from "./Plan.module.css";

/** Whose codes they are, and how the campaign is given some; a template has none. */
export interface PromoProps {
  trackId?: string | undefined;
  onUpload?: ((file: File) => Promise<number>) | undefined;
}

/** How a promo code is filled in: how many there are, and what comes after the last one. */
export function PromoField({
  values,
  set,
  trackId,
  onUpload,
}: Pick<PartProps, "values" | "set"> & PromoProps) {
  const { strings, format } = useWords();
  const texts = strings.plan.promo;
  const sets = usePromoSets().data;
  // Whoever finds none of the campaign's own gets a global one.
  const left = sets
    ?.filter((codes) => codes.trackId === null || codes.trackId === trackId)
    .reduce((sum, codes) => sum + codes.left, 0);
  return (
    <div>
      <TextInput
        label={texts.label}
        description={texts.hint}
        inputWrapperOrder={belowInput}
        maxLength={64}
        attributes={{ input: { dir: "auto" } }}
        value={values.promo}
        onChange={({ currentTarget }) => set({ promo: currentTarget.value })}
      />
      {left !== undefined && (
        <p className={styles.hint}>
          {left === 0 ? texts.noneLeft : texts.left(left, format.number(left))}{" "}
          <Link to="/settings/promo" className="text-link">
            {strings.plan.limits.toSettings}
          </Link>
        </p>
      )}
      {onUpload !== undefined && (
        <div className={styles.upload}>
          <UploadCodes label={texts.upload} onUpload={onUpload} />
        </div>
      )}
    </div>
  );
}
