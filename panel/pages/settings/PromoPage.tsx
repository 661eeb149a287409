import { useWords } from "../../ui/language.tsx";
import { PromoCard } from "./PromoCard.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";

/** The promo codes of the app. */
export function PromoPage() {
  const { strings } = useWords();
  const { title, hint } = strings.settings.promo;
  return (
    <SettingsFrame title={title} lead={hint}>
      <PromoCard />
    </SettingsFrame>
  );
}
