import { Alert, Button, FileButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import { asProblem } from "../api/problem.ts";
import { useWords } from "./language.tsx";

interface UploadCodesProps {
  label: string;
  /** Answers how many there are. */
  onUpload(file: File): Promise<number>;
}

/** Takes a file of promo codes, and says what is wrong with it. */
export function UploadCodes({ label, onUpload }: UploadCodesProps) {
  const { strings, format } = useWords();
  const texts = strings.settings.promo;
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const refused = error === null ? null : asProblem(error);
  const upload = async (file: File) => {
    setPending(true);
    setError(null);
    try {
      const total = await onUpload(file);
      notifications.show({ message: texts.taken(total, format.number(total)) });
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  };
  return (
    <>
      <FileButton
        accept=".csv,.txt,text/csv,text/plain"
        onChange={(file) => file !== null && void upload(file)}
      >
        {(props) => (
          <Button
            {...props}
            variant="default"
            size="sm"
            leftSection={<IconFileUpload size={16} />}
            loading={isPending}
          >
            {label}
          </Button>
        )}
      </FileButton>
      {refused !== null && (
        <Alert color="red" variant="light" role="alert">
          <bdi>{refused.errors.map(({ detail }) => detail).join("; ") || refused.detail || refused.code}</bdi>
        </Alert>
      )}
    </>
  );
}
