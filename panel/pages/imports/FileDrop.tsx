import "@mantine/dropzone/styles.layer.css";
import { Alert } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { extensions, isTaken } from "./chosenFile.ts";
import styles from "./FileDrop.module.css";

/** Where a file is dropped or chosen. */
export function FileDrop({ onFile }: { onFile(file: File): void }) {
  const { strings } = useWords();
  const texts = strings.imports;
  const [isRefused, setRefused] = useState(false);
  const take = ([file]: File[]) => {
    if (file === undefined) return;
    setRefused(!isTaken(file));
    if (isTaken(file)) onFile(file);
  };
  return (
    <>
      <Dropzone
        onDrop={take}
        multiple={false}
        classNames={{ root: styles.zone ?? "", inner: styles.inner ?? "" }}
        inputProps={{ accept: extensions.join(","), "aria-label": texts.choose }}
        aria-label={texts.dropTitle}
      >
        <span className={styles.icon} aria-hidden>
          <IconUpload size={22} stroke={1.7} />
        </span>
        <p className={styles.title}>{texts.dropTitle}</p>
        <p className="faint">{texts.dropText}</p>
      </Dropzone>
      {isRefused && (
        <Alert color="red" title={texts.uploadFailed} role="alert">
          {texts.dropReject}
        </Alert>
      )}
    </>
  );
}
