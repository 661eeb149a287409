import type { EmailDesign } from "../../../server/templates/email/schema.ts";
import { Choice } from "../../ui/Choice.tsx";
import { useWords } from "../../ui/language.tsx";
import { ColourField } from "./ColourField.tsx";
import styles from "./DesignEditor.module.css";

type Theme = EmailDesign["theme"];

const colours = ["background", "surface", "text", "accent"] as const;

/** How all of an e-mail looks: its direction, typeface and colours. */
export function ThemeFields({ theme, onChange }: { theme: Theme; onChange(theme: Theme): void }) {
  const { strings } = useWords();
  const texts = strings.email.design;
  return (
    <div className={styles.theme}>
      <Choice
        label={texts.direction}
        data={(["ltr", "rtl"] as const).map((value) => ({ value, label: texts.directions[value] }))}
        value={theme.direction}
        onChange={(direction) => onChange({ ...theme, direction })}
      />
      <Choice
        label={texts.font}
        data={(["sans", "serif"] as const).map((value) => ({ value, label: texts.fonts[value] }))}
        value={theme.font}
        onChange={(font) => onChange({ ...theme, font })}
      />
      {colours.map((name) => (
        <ColourField
          key={name}
          label={texts.colours[name]}
          value={theme[name]}
          onChange={(colour) => onChange({ ...theme, [name]: colour })}
        />
      ))}
    </div>
  );
}
