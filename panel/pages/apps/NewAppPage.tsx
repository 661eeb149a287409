import { Button, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { AppIdPattern } from "../../../server/lib/app-id.ts";
import { useCreateApp } from "../../api/apps.ts";
import { asProblem } from "../../api/problem.ts";
import { sessionQuery } from "../../api/session.ts";
import { useChooseApp } from "../../ui/appContext.ts";
import { belowInput } from "../../ui/belowInput.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import { ZoneSelect } from "../campaigns/ZoneSelect.tsx";

/** Another app, with users, keys and a team of its own. */
export function NewAppPage() {
  const { strings } = useWords();
  const texts = strings.access.apps;
  const [name, setName] = useState("");
  const [appId, setAppId] = useState("");
  const [timeZone, setTimeZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [faults, setFaults] = useState<{ name?: string; appId?: string }>({});
  const create = useCreateApp();
  const choose = useChooseApp();
  const queries = useQueryClient();
  const sayProblem = useSayProblem();
  const submit = () => {
    const wrong = {
      ...(name.trim() === "" ? { name: strings.signIn.required } : {}),
      ...(AppIdPattern.test(appId) ? {} : { appId: texts.appIdWrong }),
    };
    setFaults(wrong);
    if (Object.keys(wrong).length > 0) return;
    create.mutate(
      { name: name.trim(), appId, timeZone },
      {
        onSuccess: async (app) => {
          await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
          notifications.show({ message: texts.created(app.name) });
          choose(app.appId);
        },
        onError: (error) => {
          if (asProblem(error).errors.some(({ pointer }) => pointer === "/appId"))
            setFaults({ appId: texts.taken });
          else sayProblem(error);
        },
      },
    );
  };
  return (
    <>
      <PageHeader title={texts.title} lead={texts.lead} />
      <Card>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack gap="md" maw="28rem">
            <TextInput
              label={texts.name}
              attributes={{ input: { dir: "auto" } }}
              maxLength={100}
              autoFocus
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              error={faults.name}
            />
            <TextInput
              label={texts.appId}
              description={texts.appIdHint}
              inputWrapperOrder={belowInput}
              dir="ltr"
              maxLength={63}
              value={appId}
              onChange={({ currentTarget }) => setAppId(currentTarget.value)}
              error={faults.appId}
            />
            <ZoneSelect label={texts.zone} value={timeZone} onChange={setTimeZone} />
            <div>
              <Button type="submit" loading={create.isPending}>
                {texts.create}
              </Button>
            </div>
          </Stack>
        </form>
      </Card>
    </>
  );
}
