import "@mantine/dropzone/styles.layer.css";
import { Alert, Button } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { notifications } from "@mantine/notifications";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import type { Import } from "../../../server/imports/schema.ts";
import { type ImportRequest, useUpload } from "../../api/imports.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { secondsLeft } from "../../ui/rate.ts";
import { PageSkeleton } from "../../ui/States.tsx";
import { useRate } from "../../ui/useRate.ts";
import { type Choices, choicesOf, defaultChoices } from "./choices.ts";
import styles from "./UploadZone.module.css";

// Brings every country's name and calling code; nobody needs them before there is a file.
const ImportForm = lazy(async () => ({ default: (await import("./ImportForm.tsx")).ImportForm }));

const extensions = [".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx"];

/** By the name: browsers disagree about the type of a CSV file. */
const isTaken = (file: File) => extensions.some((extension) => file.name.toLowerCase().endsWith(extension));

/** Faults of these parameters are shown by the form itself. */
const inForm = /^\?(format|country|encoding|onBlank|mapping)\b/;

interface Running {
  file: File;
  sent: number;
  abort: AbortController;
}

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
          <UploadProgressCard running={running} />
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

function UploadProgressCard({ running }: { running: Running }) {
  const { strings, format } = useWords();
  const texts = strings.imports;
  const rate = useRate(running.sent);
  const left = secondsLeft(running.sent, running.file.size, rate);
  const facts = [texts.uploadOf(format.bytes(running.sent), format.bytes(running.file.size))];
  if (rate !== null) facts.push(texts.perSecond(format.bytes(rate)));
  if (left !== null) facts.push(texts.timeLeft(format.duration(left)));
  return (
    <ProgressCard
      title={texts.uploading(running.file.name)}
      share={running.file.size === 0 ? null : Math.min(1, running.sent / running.file.size)}
      facts={facts}
      action={
        <Button variant="default" size="xs" onClick={() => running.abort.abort()}>
          {texts.uploadStop}
        </Button>
      }
    />
  );
}

function UploadFailure({ error }: { error: unknown }) {
  const { strings } = useWords();
  if (!(error instanceof ApiProblem)) return null;
  const others = error.errors.filter((fault) => !inForm.test(fault.pointer));
  if (others.length === 0 && error.errors.length > 0) return null;
  const lines = others.length > 0 ? others.map((fault) => fault.detail) : [error.detail];
  return (
    <Alert color="red" title={strings.imports.uploadFailed} className={styles.failure ?? ""} role="alert">
      {lines.every((line) => line === "") ? (
        strings.problems[error.code]
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line} dir="auto" className="along">
              {line}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
