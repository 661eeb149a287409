import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import styles from "./FirstEvent.module.css";
import { trackCurl } from "./trackCurl.ts";

/** How the first behaviour comes about: an event by the API, or a file of them. */
export function FirstEvent() {
  const { strings } = useWords();
  const texts = strings.behaviours.start;
  return (
    <Card title={texts.title} hint={texts.hint}>
      <div className={styles.ways}>
        <div>
          <h3>{texts.track}</h3>
          <p className={styles.text}>{texts.trackText}</p>
          <CodeBlock code={trackCurl(window.location.origin)} label={texts.track} />
        </div>
        <div>
          <h3>{texts.file}</h3>
          <p className={styles.text}>{texts.fileText}</p>
          <div className={styles.actions}>
            <Button renderRoot={(props) => <Link to="/imports/new" {...props} />}>{texts.fileAction}</Button>
            <a className="text-link" href="/samples/events.csv" download>
              {strings.imports.sample}
            </a>
          </div>
        </div>
      </div>
    </Card>
  );
}
