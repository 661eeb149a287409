import { Alert, Button, Skeleton, Stack, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { belowInput } from "../../ui/belowInput.ts";
import { Folded } from "../../ui/Folded.tsx";
import { useLanguage, useWords } from "../../ui/language.tsx";
import type { PartProps } from "../campaigns/BasicsCard.tsx";
import { LiquidField } from "../campaigns/LiquidField.tsx";
import { LanguageFields } from "./LanguageFields.tsx";
import { MediaField } from "./MediaField.tsx";
import { TemplateSelect } from "./TemplateSelect.tsx";
import { fieldsOf, isSendable, type Template, type TemplateField } from "./templates.ts";
import type { WhatsappSource } from "./useWhatsappSource.ts";
import styles from "./WhatsappFields.module.css";
import { chosen, valueAt, type WhatsappValues, withValueAt } from "./whatsappValues.ts";

interface WhatsappFieldsProps extends PartProps {
  source: WhatsappSource;
}

/** What a message on WhatsApp says: a template that it has approved, and what stands in it; or, by some accounts, a text. */
export function WhatsappFields({ source, ...props }: WhatsappFieldsProps) {
  const { values, set } = props;
  // A draft that was written for another account: a text is all that this one sends.
  const isLeft = source.kind === "plain" && values.whatsapp !== null;
  useEffect(() => {
    if (isLeft) set({ whatsapp: null });
  }, [isLeft, set]);
  switch (source.kind) {
    case "loading":
      return <Skeleton height={120} />;
    case "none":
      return <NoAccount />;
    case "plain":
      return <PlainText {...props} />;
    case "templates":
      return <TemplateFields {...props} source={source} />;
  }
}

function NoAccount() {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  return (
    <Alert color="yellow" variant="light" role="status" title={texts.noAccount}>
      <div className={styles.lack}>
        <p>{texts.noAccountHint}</p>
        <Button
          size="xs"
          renderRoot={(root) => <Link to="/providers/new" search={{ channel: "whatsapp" }} {...root} />}
        >
          {strings.providers.add}
        </Button>
      </div>
    </Alert>
  );
}

function PlainText({ values, set, faults }: PartProps) {
  const { strings } = useWords();
  const texts = strings.campaigns.fields;
  return (
    <LiquidField
      label={texts.text}
      hint={texts.textHint}
      placeholder={texts.textPlaceholder}
      withAsterisk
      isLong
      maxLength={10_000}
      value={values.text}
      onChange={(text) => set({ text })}
      error={faults.text}
    />
  );
}

interface TemplateFieldsProps extends PartProps {
  source: Extract<WhatsappSource, { kind: "templates" }>;
}

function TemplateFields({ values: { whatsapp }, set, faults, source }: TemplateFieldsProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  const { language } = useLanguage();
  const { account, templates } = source;
  const languages = templates.filter(({ name }) => name === whatsapp?.template);
  const main = languages.find((one) => one.language === whatsapp?.language);
  const change = (next: WhatsappValues) => set({ whatsapp: next });
  const values = faults.values ?? {};
  const optional = main === undefined ? [] : fieldsOf(main).filter((field) => !isNeeded(field));
  const show = (field: TemplateField) =>
    whatsapp !== null && (
      <ValueField
        key={field.pointer}
        field={field}
        origin={new URL(account.receiptsUrl).origin}
        value={valueAt(whatsapp, field)}
        onChange={(value) => change(withValueAt(whatsapp, field, value))}
        error={values[field.pointer]}
      />
    );
  return (
    <>
      {source.failure !== null || !templates.some(isSendable) ? <Lack source={source} /> : null}
      <TemplateSelect
        templates={templates}
        value={whatsapp?.template ?? null}
        onChoose={(group) => {
          const first = mainOf(group.languages, language);
          if (first !== undefined && group.name !== whatsapp?.template)
            change(chosen(first, group.languages, whatsapp));
        }}
        error={values["/template"]}
      />
      {whatsapp !== null && main !== undefined && (
        <>
          <LanguageFields values={whatsapp} onChange={change} main={main} languages={languages} />
          {fieldsOf(main).length === 0 && <p className="soft">{texts.noValues}</p>}
          {fieldsOf(main).filter(isNeeded).map(show)}
          {main.header?.kind === "document" && (
            <TextInput
              label={texts.filename}
              description={texts.filenameHint}
              inputWrapperOrder={belowInput}
              attributes={{ input: { dir: "auto" } }}
              maxLength={200}
              value={whatsapp.filename}
              onChange={({ currentTarget }) => change({ ...whatsapp, filename: currentTarget.value })}
            />
          )}
          {optional.length > 0 && (
            <Folded
              title={texts.optional}
              mustShow={optional.some((field) => valueAt(whatsapp, field) !== "")}
            >
              <Stack gap="md">{optional.map(show)}</Stack>
            </Folded>
          )}
          <p className="soft">{texts.missingFixed}</p>
        </>
      )}
    </>
  );
}

const isNeeded = (field: TemplateField) => !(field.at === "button" && field.isOptional);

/** In the reader's own language, where there is one. */
const mainOf = (languages: readonly Template[], language: string): Template | undefined => {
  const sendable = languages.filter(isSendable);
  return sendable.find((one) => one.language.split("_")[0] === language) ?? sendable[0];
};

/** Why there may be nothing to choose from, and where to mend it. */
function Lack({ source: { account, failure } }: Pick<TemplateFieldsProps, "source">) {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  const name = `\u2068${account.name}\u2069`;
  return (
    <Alert color="yellow" variant="light" role="status">
      <div className={styles.lack}>
        <p className="along" dir="auto">
          {failure ?? texts.noTemplates(name)}
        </p>
        <Button component={Link} to={`/providers/${account.id}`} size="xs">
          {texts.openAccount(name)}
        </Button>
      </div>
    </Alert>
  );
}

interface ValueFieldProps {
  field: TemplateField;
  origin: string;
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}

function ValueField({ field, origin, ...props }: ValueFieldProps) {
  const { strings } = useWords();
  const texts = strings.whatsapp.compose;
  if (field.at === "header" && field.kind !== "text")
    return <MediaField kind={field.kind} origin={origin} {...props} />;
  return (
    <LiquidField
      label={labelOf(field, texts)}
      withAsterisk={isNeeded(field)}
      isMachine={field.at === "button"}
      maxLength={1_024}
      {...props}
    />
  );
}

type Texts = ReturnType<typeof useWords>["strings"]["whatsapp"]["compose"];

function labelOf(field: TemplateField, texts: Texts): string {
  if (field.at === "button") return texts.button[field.kind](`\u2068${field.text}\u2069`);
  if (field.at === "body") return texts.parameter(field.name);
  return field.kind === "text" ? texts.header(field.name) : texts.media[field.kind];
}
