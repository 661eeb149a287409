import "@mantine/dropzone/styles.layer.css";
import { Alert, Button } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import { notifications } from "@mantine/notifications";
import { IconUpload } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useUpload } from "../../api/imports.ts";
import { ApiProblem } from "../../api/problem.ts";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { secondsLeft } from "../../ui/rate.ts";
import { useRate } from "../../ui/useRate.ts";
import styles from "./UploadZone.module.css";

/** By the name: browsers disagree about the type of a CSV file. */
const isTaken = (file: File) => /\.(csv|csv\.gz)$/i.test(file.name);

interface Running {
  file: File;
  sent: number;
  abort: AbortController;
}

/** Takes a file, shows its way to the server, then goes to the import. */
export function UploadZone() {
  const { strings } = useWords();
  const texts = strings.imports;
  const upload = useUpload();
  const navigate = useNavigate();
  const [running, setRunning] = useState<Running | null>(null);
  const [isRefused, setRefused] = useState(false);
  const unmounted = useRef(false);
  useEffect(() => {
    unmounted.current = false;
    return () => {
      unmounted.current = true;
    };
  }, []);

  const start = (file: File) => {
    const abort = new AbortController();
    setRefused(false);
    setRunning({ file, sent: 0, abort });
    const onProgress = ({ sent }: { sent: number }) => setRunning({ file, sent, abort });
    upload
      .mutateAsync({ file, onProgress, signal: abort.signal })
      .then((created) => {
        notifications.show({ message: texts.uploaded });
        // Whoever went elsewhere meanwhile is not called back.
        if (!unmounted.current) void navigate({ to: "/imports/$importId", params: { importId: created.id } });
      })
      .catch(() => {}) // shown below from upload.error
      .finally(() => setRunning(null));
  };

  const take = (files: File[]) => {
    const [file] = files;
    if (file === undefined) return;
    if (isTaken(file)) start(file);
    else setRefused(true);
  };

  return (
    <div className={styles.place}>
      {running !== null ? (
        <div className={styles.running}>
          <UploadProgressCard running={running} />
        </div>
      ) : (
        <Dropzone
          onDrop={take}
          multiple={false}
          classNames={{ root: styles.zone ?? "", inner: styles.inner ?? "" }}
          inputProps={{ accept: ".csv,.gz,text/csv,application/gzip", "aria-label": texts.choose }}
          aria-label={texts.dropTitle}
        >
          <span className={styles.icon} aria-hidden>
            <IconUpload size={22} stroke={1.7} />
          </span>
          <p className={styles.title}>{texts.dropTitle}</p>
          <p className="faint">{texts.dropText}</p>
        </Dropzone>
      )}
      <UploadFailure error={isRefused ? new ApiProblem("validation", 0, texts.dropReject) : upload.error} />
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
  const lines = error.errors.length > 0 ? error.errors.map((fault) => fault.detail) : [error.detail];
  return (
    <Alert color="red" title={strings.imports.uploadFailed} className={styles.failure ?? ""} role="alert">
      {lines.every((line) => line === "") ? (
        strings.problems[error.code]
      ) : (
        <ul>
          {lines.map((line) => (
            <li key={line} dir="auto">
              {line}
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
