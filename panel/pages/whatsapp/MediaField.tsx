import { UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { ImageLibrary } from "../email/ImageLibrary.tsx";
import styles from "./WhatsappFields.module.css";

interface MediaFieldProps {
  kind: "image" | "video" | "document";
  /** Where we are known outside, as an origin. */
  origin: string;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}

/** What WhatsApp shows images of; mails show more. */
const shownTypes: readonly string[] = ["image/jpeg", "image/png"];

/** Where the picture, video or document above the text is. */
export function MediaField({ kind, origin, value, onChange, error }: MediaFieldProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  const [isOpen, library] = useDisclosure(false);
  const [isWrongType, setWrongType] = useState(false);
  return (
    <div>
      <LiquidField
        label={texts.media[kind]}
        hint={texts.mediaHint[kind]}
        withAsterisk
        isMachine
        placeholder="https://example.com/…"
        maxLength={1_024}
        value={value}
        onChange={(next) => {
          setWrongType(false);
          onChange(next);
        }}
        error={isWrongType ? texts.mediaType : error}
      />
      {kind === "image" && (
        <>
          <UnstyledButton className={`text-link ${styles.library}`} onClick={library.open}>
            {texts.library}
          </UnstyledButton>
          <ImageLibrary
            isOpen={isOpen}
            onClose={library.close}
            onChoose={({ path, type }) => {
              library.close();
              setWrongType(!shownTypes.includes(type));
              if (shownTypes.includes(type)) onChange(`${origin}${path}`);
            }}
          />
        </>
      )}
    </div>
  );
}
