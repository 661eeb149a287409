import { Alert } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { type ImportRequest, useImport, useImports, useUpload } from "../../api/imports.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { PageSkeleton } from "../../ui/States.tsx";
import { type Choices, choicesOf, defaultChoices } from "./choices.ts";
import { chosenFileKey } from "./chosenFile.ts";
import { FileDrop } from "./FileDrop.tsx";
import { FileGuide } from "./FileGuide.tsx";
import { ImportForm } from "./ImportForm.tsx";
import styles from "./NewImportPage.module.css";
import { type Running, UploadProgress } from "./UploadProgress.tsx";

/** Takes a file, shows what is in it, asks what to do with it, and goes to its import. */
export function NewImportPage() {
  const { strings } = useWords();
  const texts = strings.imports;
  const search = useSearch({ from: "/shell/imports/new" });
  const earlier = useImport(search.again);
  const again = earlier.data;
  // The next file is probably of the same country as the latest.
  const latest = useImports(undefined, 1).data?.data[0];
  const [file, setFile] = useDroppedFile();
  // Another file after a fault finds the options as they were left.
  const asked = useRef<Choices | null>(null);
  const { running, upload, start } = useStart();

  // Another page of the panel does not end the upload, leaving the panel does.
  useBlocker({ shouldBlockFn: () => false, enableBeforeUnload: () => running !== null });

  const otherFile = () => {
    upload.reset();
    setFile(null);
  };
  const first =
    again === undefined ? { ...defaultChoices, country: latest?.options.country ?? null } : choicesOf(again);
  if (search.again !== undefined && earlier.isPending) return <PageSkeleton />;
  return (
    <>
      <PageHeader title={texts.new} lead={texts.lead} parent={{ title: texts.title, to: "/imports" }} />
      {running !== null && (
        <Card>
          <UploadProgress running={running} />
        </Card>
      )}
      {file === null ? (
        <div className={styles.top}>
          <div className={styles.place}>
            {again !== undefined && <Alert>{texts.form.again(again.name)}</Alert>}
            <FileDrop onFile={setFile} />
          </div>
          <FileGuide />
        </div>
      ) : (
        // Hidden and not gone: an upload that is refused or stopped comes back to what was chosen.
        <div hidden={running !== null}>
          <ImportForm
            file={file}
            initial={asked.current ?? first}
            failure={upload.error}
            onEdit={(choices) => {
              asked.current = choices;
              if (upload.error !== null) upload.reset();
            }}
            onSubmit={(request) => start(file, request)}
            onOtherFile={otherFile}
          />
        </div>
      )}
    </>
  );
}

/** The chosen file: at first one that was dropped on the page before, if any. */
function useDroppedFile() {
  const queries = useQueryClient();
  const state = useState(() => queries.getQueryData<File>(chosenFileKey) ?? null);
  useEffect(() => queries.removeQueries({ queryKey: chosenFileKey }), [queries]);
  return state;
}

/** Sends the file and goes to the import; whoever went elsewhere meanwhile is not called back. */
function useStart() {
  const { strings } = useWords();
  const upload = useUpload();
  const navigate = useNavigate();
  const [running, setRunning] = useState<Running | null>(null);
  const unmounted = useRef(false);
  useEffect(() => {
    unmounted.current = false;
    return () => {
      unmounted.current = true;
    };
  }, []);
  const start = (file: File, request: ImportRequest) => {
    const abort = new AbortController();
    setRunning({ file, sent: 0, abort });
    const onProgress = ({ sent }: { sent: number }) => setRunning({ file, sent, abort });
    upload
      .mutateAsync({ file, request, onProgress, signal: abort.signal })
      .then((created) => {
        notifications.show({ message: strings.imports.uploaded });
        if (!unmounted.current) void navigate({ to: "/imports/$importId", params: { importId: created.id } });
      })
      .catch(() => {}) // shown by the form from upload.error
      .finally(() => setRunning(null));
  };
  return { running, upload, start };
}
