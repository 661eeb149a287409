import { Checkbox, TagsInput, TextInput } from "@mantine/core";
import { belowInput } from "../../ui/belowInput.ts";
import { useWords } from "../../ui/language.tsx";
import type { HttpFieldsProps, HttpForm } from "./httpConfig.ts";
import { machine } from "./machine.ts";
import type { AccountChannel } from "./newProvider.ts";
import styles from "./ProviderForm.module.css";

/** Where a repeat is usually dropped: the delivery id names the notification, and the e-mail. */
const isUsuallySafe = (channel: AccountChannel) => channel === "push" || channel === "email";

/** Which answers mean that a message was taken, and by what it is known then. */
export function HttpAnswerFields({ form, channel, onChange, faults }: HttpFieldsProps) {
  const { strings } = useWords();
  const texts = strings.providers.http;
  const set = (change: Partial<HttpForm>) => onChange({ ...form, ...change });
  return (
    <fieldset className={styles.group}>
      <legend>{texts.answer}</legend>
      <p className={styles.hint}>{texts.answerHint}</p>
      <TagsInput
        label={texts.statuses}
        description={texts.statusesHint}
        inputWrapperOrder={belowInput}
        attributes={{ input: { dir: "ltr", inputMode: "numeric" } }}
        value={form.statuses}
        onChange={(statuses) => set({ statuses: statuses.filter((status) => /^[2-5]\d\d$/.test(status)) })}
        error={faults.success}
      />
      <div className={styles.pair}>
        <TextInput
          label={texts.path}
          description={texts.pathHint}
          inputWrapperOrder={belowInput}
          attributes={machine}
          maxLength={200}
          value={form.path}
          onChange={({ currentTarget }) => set({ path: currentTarget.value })}
        />
        <TextInput
          label={texts.equals}
          description={texts.equalsHint}
          inputWrapperOrder={belowInput}
          attributes={machine}
          maxLength={200}
          disabled={form.path.trim() === ""}
          value={form.equals}
          onChange={({ currentTarget }) => set({ equals: currentTarget.value })}
        />
      </div>
      <TextInput
        label={texts.idPath}
        description={texts.idPathHint}
        inputWrapperOrder={belowInput}
        attributes={machine}
        maxLength={200}
        value={form.idPath}
        onChange={({ currentTarget }) => set({ idPath: currentTarget.value })}
        error={faults.idPath}
      />
      <Checkbox
        label={texts.isRepeatSafe}
        description={texts.isRepeatSafeHint}
        checked={form.isRepeatSafe ?? isUsuallySafe(channel)}
        onChange={({ currentTarget }) => set({ isRepeatSafe: currentTarget.checked })}
      />
      <p className={styles.hint}>{texts.more}</p>
    </fieldset>
  );
}
