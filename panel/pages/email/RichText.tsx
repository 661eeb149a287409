import "@mantine/tiptap/styles.layer.css";
import { Button, Popover, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { RichTextEditor } from "@mantine/tiptap";
import { IconLink } from "@tabler/icons-react";
import { Link } from "@tiptap/extension-link";
import { type Editor, useEditor } from "@tiptap/react";
import { StarterKit } from "@tiptap/starter-kit";
import { useRef, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { nonce } from "../../ui/nonce.ts";
import { VariableMenu } from "../campaigns/VariableMenu.tsx";
import { machine } from "../providers/machine.ts";
import { asAddress } from "./address.ts";
import styles from "./RichText.module.css";
import type { RichTextProps } from "./RichTextField.tsx";

const links = { openOnClick: false, autolink: false, HTMLAttributes: { target: null, rel: null } } as const;

/** What mail programs show alike: paragraphs, bold, italic, lists and links. */
const extensions = [
  StarterKit.configure({
    ...{ heading: false, blockquote: false, code: false, codeBlock: false, horizontalRule: false },
    ...{ strike: false, underline: false, link: false },
  }),
  Link.configure(links),
];

/** Writes the text of a block; with a bar of what can be done, and variables. */
export function RichText({ label, direction, html, onChange }: RichTextProps) {
  const { strings } = useWords();
  const texts = strings.email.design.rich;
  const latest = useRef(onChange);
  latest.current = onChange;
  const editor = useEditor({
    ...{ extensions, content: html, injectNonce: nonce },
    editorProps: {
      attributes: { "aria-label": label, "aria-multiline": "true", role: "textbox", dir: direction },
    },
    onUpdate: ({ editor: changed }) => latest.current(changed.getHTML()),
  });
  return (
    <RichTextEditor
      editor={editor}
      classNames={{ content: styles.content ?? "" }}
      labels={{
        boldControlLabel: texts.bold,
        italicControlLabel: texts.italic,
        unlinkControlLabel: texts.unlink,
        bulletListControlLabel: texts.bullets,
        orderedListControlLabel: texts.numbers,
      }}
    >
      <RichTextEditor.Toolbar className={styles.bar ?? ""}>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <LinkControl editor={editor} />
          <RichTextEditor.Unlink />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
        </RichTextEditor.ControlsGroup>
        <div className={styles.variables}>
          <VariableMenu
            field={label}
            isOfEmail
            onChoose={(liquid) => editor?.chain().focus().insertContent({ type: "text", text: liquid }).run()}
          />
        </div>
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content />
    </RichTextEditor>
  );
}

/** Makes what is selected a link; without a selection the address itself. */
function LinkControl({ editor }: { editor: Editor | null }) {
  const { strings } = useWords();
  const texts = strings.email.design.rich;
  const [isOpen, popover] = useDisclosure(false);
  const [typed, setTyped] = useState("");
  const [isWrong, setWrong] = useState(false);
  const open = () => {
    const href: unknown = editor?.getAttributes("link").href;
    setTyped(typeof href === "string" ? href : "");
    setWrong(false);
    popover.open();
  };
  const take = () => {
    const href = asAddress(typed);
    setWrong(href === null);
    if (href === null || editor === null) return;
    popover.close();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (editor.state.selection.empty && !editor.isActive("link"))
      chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    else chain.setLink({ href }).run();
  };
  return (
    <Popover
      opened={isOpen}
      onChange={popover.toggle}
      onDismiss={popover.close}
      trapFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <RichTextEditor.Control
          aria-label={texts.link}
          title={texts.link}
          active={editor?.isActive("link") ?? false}
          onClick={open}
        >
          <IconLink size={16} stroke={1.7} />
        </RichTextEditor.Control>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={styles.link}>
          <TextInput
            aria-label={texts.address}
            placeholder="https://example.com"
            attributes={machine}
            maxLength={2000}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter") return;
              event.preventDefault();
              take();
            }}
            error={isWrong ? texts.addressWrong : null}
          />
          <Button onClick={take}>{texts.set}</Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
