import { Input, Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useWords } from "../../ui/language.tsx";

// Only those who build an e-mail load what its texts are written with.
const RichText = lazy(async () => ({ default: (await import("./RichText.tsx")).RichText }));

export interface RichTextProps {
  label: string;
  direction: "ltr" | "rtl";
  html: string;
  onChange(html: string): void;
}

/** A text with bold and italic words, links and lists. */
export function RichTextField({ error, ...props }: RichTextProps & { error?: string | undefined }) {
  const { strings } = useWords();
  return (
    <Input.Wrapper label={props.label} labelElement="div" error={error}>
      <Suspense fallback={<Skeleton height={140} role="status" aria-label={strings.email.compose.loading} />}>
        <RichText {...props} />
      </Suspense>
    </Input.Wrapper>
  );
}
