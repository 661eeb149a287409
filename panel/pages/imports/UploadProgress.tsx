import { Button } from "@mantine/core";
import { useWords } from "../../ui/language.tsx";
import { ProgressCard } from "../../ui/ProgressCard.tsx";
import { secondsLeft } from "../../ui/rate.ts";
import { useRate } from "../../ui/useRate.ts";

/** A file on its way to the server. */
export interface Running {
  file: File;
  sent: number;
  abort: AbortController;
}

/** How far a file is on its way, and how to stop it. */
export function UploadProgress({ running }: { running: Running }) {
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
