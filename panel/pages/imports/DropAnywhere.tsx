import "@mantine/dropzone/styles.layer.css";
import { Dropzone } from "@mantine/dropzone";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useWords } from "../../ui/language.tsx";
import { chosenFileKey, isTaken } from "./chosenFile.ts";
import styles from "./FileDrop.module.css";

/** Takes a file that is dropped anywhere on the page, and goes on to its import. */
export function DropAnywhere() {
  const { strings } = useWords();
  const texts = strings.imports;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const take = ([file]: File[]) => {
    if (file === undefined) return;
    if (!isTaken(file)) {
      notifications.show({ color: "red", title: texts.uploadFailed, message: texts.dropReject });
      return;
    }
    queries.setQueryData(chosenFileKey, file);
    void navigate({ to: "/imports/new" });
  };
  return (
    <Dropzone.FullScreen onDrop={take} multiple={false} classNames={{ inner: styles.whole ?? "" }}>
      <p className={styles.title}>{texts.dropNow}</p>
      <p className="faint">{texts.dropText}</p>
    </Dropzone.FullScreen>
  );
}
