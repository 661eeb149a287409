import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { html } from "@codemirror/lang-html";
import { defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { type RefObject, useEffect, useRef } from "react";
import { nonce } from "../../ui/nonce.ts";
import { type EmailFault, placeOf } from "./emailFaults.ts";

interface CodeEditorProps {
  label: string;
  value: string;
  onChange(value: string): void;
  faults: readonly EmailFault[];
  /** Is given what puts a text where the caret stands. */
  insert: RefObject<(text: string) => void>;
}

const look = EditorView.theme({
  "&": { maxHeight: "36rem" },
  ".cm-scroller": { overflow: "auto", fontFamily: "var(--mantine-font-family-monospace)", lineHeight: "1.6" },
  ".cm-content": { minHeight: "20rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "#f7f8fa", color: "#687082", border: "none" },
});

/** Writes HTML and MJML, without a word of its own that would have to be translated. */
export function CodeEditor({ label, value, onChange, faults, insert }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ value, onChange });
  latest.current = { value, onChange };

  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      doc: latest.current.value,
      extensions: [
        ...[history(), keymap.of([...defaultKeymap, ...historyKeymap]), drawSelection()],
        ...[lineNumbers(), highlightActiveLine(), lintGutter(), look],
        ...[html(), syntaxHighlighting(defaultHighlightStyle)],
        ...[EditorView.lineWrapping, EditorView.cspNonce.of(nonce)],
        EditorView.contentAttributes.of({ "aria-label": label, dir: "ltr" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    insert.current = (text) => {
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    };
    return () => editor.destroy();
  }, [label, insert]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(faults, editor.state.doc)));
  }, [faults]);

  return <div ref={place} />;
}

/** A fault underlines its line from the column on; one that names no place, the first line. */
function diagnosticsOf(faults: readonly EmailFault[], doc: Text): Diagnostic[] {
  return faults.map(({ detail }) => {
    const { line, column } = placeOf(detail) ?? { line: 1, column: 1 };
    const found = doc.line(Math.min(Math.max(1, line), doc.lines));
    const from = Math.min(found.from + Math.max(0, column - 1), found.to);
    // At the end of a line there is nothing to be underlined.
    const start = from === found.to ? found.from : from;
    return { from: start, to: found.to, severity: "error", message: detail };
  });
}
