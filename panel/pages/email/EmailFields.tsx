import { Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { newIdempotencyKey } from "../../api/client.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Folded } from "../../ui/Folded.tsx";
import { useLanguage, useWords } from "../../ui/language.tsx";
import type { PartProps } from "../campaigns/BasicsCard.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { DesignEditor } from "./DesignEditor.tsx";
import styles from "./EmailFields.module.css";
import { type EmailFault, faultOf, faultsBelow } from "./emailFaults.ts";
import {
  type EmailFormat,
  type EmailSource,
  formats,
  sourceOf,
  starterDesign,
  starterMjml,
} from "./emailSource.ts";
import { SourceField } from "./SourceField.tsx";
import { ToHtml } from "./ToHtml.tsx";
import { TopicField } from "./TopicField.tsx";

interface EmailFieldsProps extends PartProps {
  emailFaults: readonly EmailFault[];
}

/** What an e-mail says and what it looks like, written in one of four ways. */
export function EmailFields({ values, set, faults, emailFaults }: EmailFieldsProps) {
  const { strings } = useWords();
  const texts = strings.email.compose;
  return (
    <>
      <LiquidField
        label={strings.campaigns.fields.subject}
        withAsterisk
        maxLength={500}
        value={values.subject}
        onChange={(subject) => set({ subject })}
        error={faults.subject}
      />
      <LiquidField
        label={texts.preheader}
        hint={texts.preheaderHint}
        maxLength={500}
        value={values.preheader}
        onChange={(preheader) => set({ preheader })}
        error={faults.preheader}
      />
      <EmailBodyFields values={values} set={set} faults={faults} emailFaults={emailFaults} />
    </>
  );
}

/** The e-mail itself, below its subject. */
export function EmailBodyFields({ values, set, faults, emailFaults }: EmailFieldsProps) {
  const { strings } = useWords();
  const texts = strings.email.compose;
  const { language } = useLanguage();
  const [isAsking, asking] = useDisclosure(false);
  const email = values.email ?? sourceOf(undefined);
  const change = (next: Partial<EmailSource>) => set({ email: { ...email, ...next, isStarter: false } });
  const choose = (format: EmailFormat) => {
    // Blocks become code; nobody makes blocks of code again.
    const isLoss = email.format === "design" && format === "html" && email.html === "" && !email.isStarter;
    if (isLoss) return asking.open();
    const direction = language === "fa" ? "rtl" : "ltr";
    change({
      format,
      ...(format === "mjml" && email.mjml === "" && { mjml: starterMjml(strings) }),
      ...(format === "design" &&
        email.design === null && { design: starterDesign(strings, direction, newIdempotencyKey) }),
    });
  };
  const isPlain = email.format === "plain";
  const plain = (
    <LiquidField
      label={isPlain ? texts.plain : texts.plainTitle}
      hint={isPlain ? strings.campaigns.fields.textHint : texts.plainHint}
      withAsterisk={isPlain}
      isLong
      isOfEmail
      maxLength={10_000}
      value={values.text}
      onChange={(text) => set({ text })}
      error={faults.text}
    />
  );
  return (
    <>
      <div>
        <Choice
          label={texts.format}
          data={formats.map((value) => ({ value, label: texts.formats[value] }))}
          value={email.format}
          onChange={choose}
        />
        <p className={styles.hint}>{texts.formatHints[email.format]}</p>
      </div>
      {email.format === "design" && email.design !== null && (
        <DesignEditor
          design={email.design}
          onChange={(design) => change({ design })}
          faults={faultsBelow(emailFaults, "/email/design")}
        />
      )}
      {(email.format === "html" || email.format === "mjml") && (
        <SourceField
          key={email.format}
          label={texts.formats[email.format]}
          value={email[email.format]}
          onChange={(source) => change({ [email.format]: source })}
          faults={emailFaults.filter(({ pointer }) => pointer.startsWith(`/email/${email.format}`))}
        />
      )}
      {faults.email !== undefined && faultOf(emailFaults, "/email") === null && (
        <p className={styles.fault} role="alert">
          {faults.email}
        </p>
      )}
      {isPlain && plain}
      <Folded
        title={isPlain ? strings.email.topic.foldTopic : strings.email.topic.fold}
        mustShow={values.topic !== "" || (!isPlain && (values.text !== "" || faults.text !== undefined))}
      >
        <Stack gap="md">
          <TopicField topic={values.topic} onChange={(topic) => set({ topic })} />
          {!isPlain && plain}
        </Stack>
      </Folded>
      <ToHtml
        values={values}
        isOpen={isAsking}
        onClose={asking.close}
        onDone={(html) => change({ format: "html", html })}
      />
    </>
  );
}
