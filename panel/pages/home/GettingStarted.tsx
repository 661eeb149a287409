import { Button, Group, Progress } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconExternalLink } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Sample } from "../../../server/sample/schema.ts";
import { useAddSample } from "../../api/sample.ts";
import { useApp } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./GettingStarted.module.css";

/** Whom the browser is, unless the app has somebody of that name. */
const usualUser = "you";

interface GettingStartedProps {
  hasPeople: boolean;
  hasMessages: boolean;
  /** Undefined until it is known. */
  sample: Sample | undefined;
  onHide(): void;
}

/** What to do first in an empty app; each step ticks itself off. */
export function GettingStarted({ hasPeople, hasMessages, sample, onHide }: GettingStartedProps) {
  const { strings, format } = useWords();
  const texts = strings.home.start;
  const { appId } = useApp();
  const hasDevice = sample?.hasDevice ?? false;
  const done = [hasPeople, hasDevice, hasMessages].filter(Boolean).length;
  const user = sample?.userId ?? usualUser;
  const campaign = { channel: "inbox", name: texts.campaignName, text: texts.campaignContent } as const;
  const hide = () => {
    onHide();
    notifications.show({ message: texts.hidden, closeButtonProps: { "aria-label": strings.common.close } });
  };
  return (
    <div className={styles.wrap}>
      <Card
        title={texts.title}
        hint={texts.lead}
        actions={
          <div className={styles.progress}>
            <span className="faint number">{texts.progress(format.number(done), format.number(3))}</span>
            <Progress value={(done / 3) * 100} size="sm" w={72} aria-label={texts.title} />
            <Button size="xs" variant="subtle" color="gray" onClick={hide}>
              {texts.hide}
            </Button>
          </div>
        }
      >
        <ol className={styles.steps}>
          <Step number={1} isDone={hasPeople} title={texts.peopleTitle} text={texts.peopleText}>
            <People hasPeople={hasPeople} sample={sample} />
          </Step>
          <Step number={2} isDone={hasDevice} title={texts.deviceTitle} text={texts.deviceText(user)}>
            <Button
              component="a"
              href={`/try?app=${encodeURIComponent(appId)}`}
              target="_blank"
              rel="opener"
              variant={hasPeople && !hasDevice ? "filled" : "default"}
              rightSection={<IconExternalLink size={15} aria-hidden />}
            >
              {texts.openInbox}
            </Button>
          </Step>
          <Step number={3} isDone={hasMessages} title={texts.campaignTitle} text={texts.campaignText(user)}>
            <Group gap="sm">
              <Button
                renderRoot={(props) => <Link to="/campaigns/new" search={{ ...campaign, user }} {...props} />}
                variant={hasDevice && !hasMessages ? "filled" : "default"}
              >
                {texts.campaignAction}
              </Button>
              {sample?.segment && (
                <Link
                  className="text-link"
                  to="/campaigns/new"
                  search={{ ...campaign, segment: sample.segment.id }}
                >
                  {texts.toSample}
                </Link>
              )}
            </Group>
          </Step>
        </ol>
        <p className={`${styles.next} soft`}>
          {texts.next}{" "}
          <Link to="/setup" className="text-link">
            {texts.setUp}
          </Link>
        </p>
      </Card>
    </div>
  );
}

/** A file of one's own, or the sample. */
function People({ hasPeople, sample }: Pick<GettingStartedProps, "hasPeople" | "sample">) {
  const { strings } = useWords();
  const texts = strings.home.start;
  const add = useAddSample();
  const sayProblem = useSayProblem();
  if (sample?.status === "importing") return <p role="status">{texts.importing}</p>;
  return (
    <Group gap="xs">
      {sample?.status === "none" && (
        <Button
          variant={hasPeople ? "default" : "filled"}
          loading={add.isPending}
          onClick={() => add.mutate(texts.sampleName, { onError: sayProblem })}
        >
          {texts.sample}
        </Button>
      )}
      <Button component={Link} to="/imports/new" variant="default">
        {texts.ownFile}
      </Button>
    </Group>
  );
}

interface StepProps {
  number: number;
  isDone: boolean;
  title: string;
  text: string;
  children: ReactNode;
}

function Step({ number, isDone, title, text, children }: StepProps) {
  const { strings, format } = useWords();
  return (
    <li className={`${styles.step} ${isDone ? styles.done : ""}`}>
      <span className={styles.tick} aria-hidden>
        {isDone ? <IconCheck size={15} stroke={2.4} /> : format.number(number)}
      </span>
      <div className={styles.body}>
        <h3>
          {title}
          <span className="visually-hidden">
            {" "}
            ({isDone ? strings.home.start.done : strings.home.start.todo})
          </span>
        </h3>
        <p className="soft">{text}</p>
        <div className={styles.action}>{children}</div>
      </div>
    </li>
  );
}
