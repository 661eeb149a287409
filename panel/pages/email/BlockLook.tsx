import type { EmailBlock, EmailDesign } from "../../../server/templates/email/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./BlockLook.module.css";
import { blockIcons } from "./blockIcons.ts";
import { isOurImage, nameIn } from "./images.ts";

/** The words in HTML. The document that it is read into runs and loads nothing. */
const wordsIn = (html: string): string =>
  new DOMParser().parseFromString(html, "text/html").body.textContent.trim();

/** About what a block looks like; the preview has it as it is. */
export function BlockLook({ block, theme }: { block: EmailBlock; theme: EmailDesign["theme"] }) {
  const { strings, format } = useWords();
  const texts = strings.email.design;
  const words = (text: string, className: string | undefined) =>
    text.trim() === "" ? (
      <span className="faint">{texts.nothing}</span>
    ) : (
      <span className={`${className} along`} dir="auto">
        {text}
      </span>
    );
  switch (block.kind) {
    case "heading":
      return words(block.text, `${styles.heading} ${styles[`level${block.level}`]}`);
    case "text":
      return words(wordsIn(block.html), styles.text);
    case "button":
      return (
        <span>
          <span
            className={styles.button}
            dir="auto"
            style={{ background: block.colour ?? theme.accent, color: inkOn(block.colour ?? theme.accent) }}
          >
            {block.label || "…"}
          </span>
        </span>
      );
    case "image":
      return (
        <span className={styles.image}>
          {isOurImage(block.src) && <img src={block.src} alt="" className={styles.thumbnail} />}
          {words(block.alt || nameIn(block.src), styles.text)}
        </span>
      );
    case "divider":
      return <span className={styles.divider} />;
    case "spacer":
      return <span className="faint">{`${format.number(block.height)} px`}</span>;
    case "footer":
      return (
        <span className={styles.small}>
          {words(wordsIn(block.html), styles.text)}
          <u dir="auto">{block.unsubscribe}</u>
        </span>
      );
    case "columns":
      return (
        <span
          className={styles.columns}
          style={{ gridTemplateColumns: `repeat(${block.columns.length}, minmax(0, 1fr))` }}
        >
          {block.columns.map(({ blocks }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns have no names, and are never sorted
            <span key={index} className={styles.column}>
              {blocks.map(({ id, kind }) => {
                const Icon = blockIcons[kind];
                return <Icon key={id} size={14} stroke={1.7} aria-hidden />;
              })}
            </span>
          ))}
        </span>
      );
  }
}

/** Black or white, whichever is read better on a colour `#rrggbb` (WCAG's relative luminance, its curve rounded to a square). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4 ? "#171b24" : "#ffffff";
}
