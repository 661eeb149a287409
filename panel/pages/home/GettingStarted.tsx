import { Button, Progress } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { firstCurl } from "./firstCurl.ts";
import styles from "./GettingStarted.module.css";

/** What to do first in an empty app; each step ticks itself off. */
export function GettingStarted(props: { hasImports: boolean; hasMessages: boolean }) {
  const { strings, format } = useWords();
  const texts = strings.home.start;
  const done = Number(props.hasImports) + (props.hasMessages ? 2 : 0);
  return (
    <div className={styles.wrap}>
      <Card
        title={texts.title}
        hint={texts.lead}
        actions={
          <div className={styles.progress}>
            <span className="faint number">{texts.progress(format.number(done), format.number(3))}</span>
            <Progress value={(done / 3) * 100} size="sm" w={72} aria-label={texts.title} />
          </div>
        }
      >
        <ol className={styles.steps}>
          <Step number={1} isDone={props.hasImports} title={texts.importTitle} text={texts.importText}>
            <Button component={Link} to="/imports/new" variant={props.hasImports ? "default" : "filled"}>
              {texts.importAction}
            </Button>
          </Step>
          <Step number={2} isDone={props.hasMessages} title={texts.sendTitle} text={texts.sendText}>
            <CodeBlock code={firstCurl(window.location.origin, texts.sendContent)} label={texts.sendTitle} />
          </Step>
          <Step number={3} isDone={props.hasMessages} title={texts.watchTitle} text={texts.watchText}>
            <Button component={Link} to="/messages" variant="default">
              {texts.watchAction}
            </Button>
          </Step>
        </ol>
      </Card>
    </div>
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
