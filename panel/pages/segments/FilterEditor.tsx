import { IconAlertTriangle } from "@tabler/icons-react";
import { useId, useRef } from "react";
import { useWords } from "../../ui/language.tsx";
import styles from "./FilterEditor.module.css";
import type { PlacedFault } from "./readFilter.ts";

interface FilterEditorProps {
  text: string;
  onChange(text: string): void;
  faults: readonly PlacedFault[];
}

/** Fewer lines would make the editor jump while typing. */
const minLines = 9;

/** A text area with line numbers; lines at fault are marked, and the faults stand below with their place. */
export function FilterEditor({ text, onChange, faults }: FilterEditorProps) {
  const { strings, format } = useWords();
  const texts = strings.segments;
  const area = useRef<HTMLTextAreaElement>(null);
  const faultsId = useId();
  const lines = text.split("\n");
  const rows = Math.max(minLines, lines.length);
  const atFault = new Set(faults.map((fault) => fault.line));

  const goTo = (line: number) => {
    const start = lines.slice(0, line - 1).reduce((sum, item) => sum + item.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };

  return (
    <>
      <div className={`${styles.editor} ${faults.length > 0 ? styles.invalid : ""}`} dir="ltr">
        <div className={styles.gutter} aria-hidden>
          {Array.from({ length: rows }, (_, index) => index + 1).map((line) => (
            <span key={line} className={atFault.has(line) ? styles.faultLine : undefined}>
              {line <= lines.length ? line : ""}
            </span>
          ))}
        </div>
        <textarea
          ref={area}
          className={styles.area}
          aria-label={texts.editor}
          aria-invalid={faults.length > 0}
          aria-describedby={faultsId}
          value={text}
          rows={rows}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </div>
      <div id={faultsId} aria-live="polite" className={styles.faults}>
        {faults.length > 0 && (
          <>
            <p className={styles.faultsTitle}>
              <IconAlertTriangle size={15} aria-hidden />
              {texts.faults(faults.length, format.number(faults.length))}
            </p>
            <ul>
              {faults.map((fault) => (
                <li key={`${fault.line}-${fault.path}-${fault.detail}`}>
                  <button type="button" className={styles.fault} onClick={() => goTo(fault.line)}>
                    <span className={styles.place}>{texts.line(format.number(fault.line))}</span>
                    <span dir="auto">
                      {fault.path !== "" && (
                        <>
                          <bdi className="mono">{fault.path}</bdi>{" "}
                        </>
                      )}
                      {fault.detail}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  );
}
