import { useWords } from "../../ui/language.tsx";
import { AppsCard } from "./AppsCard.tsx";
import { LoadedSettings } from "./LoadedSettings.tsx";
import { SettingsFrame } from "./SettingsFrame.tsx";

/** What apps and pages call with. */
export function AppsPage() {
  const { strings } = useWords();
  const { title, hint } = strings.settings.apps;
  return (
    <SettingsFrame title={title} lead={hint}>
      <LoadedSettings>{(settings) => <AppsCard settings={settings} />}</LoadedSettings>
    </SettingsFrame>
  );
}
