import "@mantine/dropzone/styles.layer.css";
import { Alert } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { notifications } from "@mantine/notifications";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { type ImportRequest, useUpload } from "../../api/imports.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { PageSkeleton } from "../../ui/States.tsx";
import { type Choices, choicesOf, defaultChoices } from "./choices.ts";
import { UploadFailure } from "./UploadFailure.tsx";
import { type Running, UploadProgress } from "./UploadProgress.tsx";
import styles from "./UploadZone.module.css";

// Brings every country's name and calling code; nobody needs them before there is a file.
const ImportForm = lazy(async () => ({ default: (await import("./ImportForm.tsx")).ImportForm }));

const extensions = [".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx"];

/** By the name: browsers disagree about the type of a CSV file. */
const isTaken = (file: File) => extensions.some((extension) => file.name.toLowerCase().endsWith(extension));

interface UploadZoneProps {
  /** An earlier import whose options are offered again. */
  again?: Import | undefined;
  /** Country of the latest import: the next file is probably of the same. */
  country: string | null;
}

/** Takes a file, asks how to read it, shows its way to the server, then goes to the import. */
export function UploadZone({ again, country }: UploadZoneProps) {
  const { strings } = useWords();
  const texts = strings.imports;
  const upload = useUpload();
  const navigate = useNavigate();
  const [running, setRunning] = useState<Running | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const [asked, setAsked] = useState<Choices | null>(null);
  const [isRefused, setRefused] = useState(false);
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
        notifications.show({ message: texts.uploaded });
        // Whoever went elsewhere meanwhile is not called back.
        if (!unmounted.current) void navigate({ to: "/imports/$importId", params: { importId: created.id } });
      })
      .catch(() => {}) // shown below from upload.error
      .finally(() => setRunning(null));
  };

  const take = (files: File[]) => {
    const [chosen] = files;
    if (chosen === undefined) return;
    upload.reset();
    setRefused(!isTaken(chosen));
    setFile(isTaken(chosen) ? chosen : null);
  };
  const forget = () => {
    upload.reset();
    setFile(null);
  };

  if (running !== null) {
    return (
      <div className={styles.place}>
        <div className={styles.running}>
          <UploadProgress running={running} />
        </div>
      </div>
    );
  }
  if (file !== null) {
    const first = again === undefined ? { ...defaultChoices, country } : choicesOf(again);
    return (
      <div className={styles.place}>
        <Suspense fallback={<PageSkeleton />}>
          <ImportForm
            file={file}
            initial={asked ?? first}
            faults={upload.error instanceof ApiProblem ? upload.error.errors : []}
            failure={<UploadFailure error={upload.error} />}
            onSubmit={(choices, request) => {
              setAsked(choices);
              start(file, request);
            }}
            onOtherFile={forget}
          />
        </Suspense>
      </div>
    );
  }
  return (
    <div className={styles.place}>
      {again !== undefined && <Alert>{texts.form.again(again.name)}</Alert>}
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
      <UploadFailure error={isRefused ? new ApiProblem("validation", 0, texts.dropReject) : null} />
    </div>
  );
}
