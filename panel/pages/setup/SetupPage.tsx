import { Tabs } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { usePublicKeys } from "../../api/publicKeys.ts";
import { useSample } from "../../api/sample.ts";
import { useApp, useMay } from "../../ui/appContext.ts";
import { Card } from "../../ui/Card.tsx";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { SetUpValues } from "./SetUpValues.tsx";
import styles from "./SetupPage.module.css";
import * as snippets from "./snippets.ts";

const platforms = ["web", "server", "android", "ios", "flutter", "import"] as const;
type Platform = (typeof platforms)[number];

/** What stands where there is no key yet. */
const noKey = "chpk_…";

/** Code to copy into a site, a server or an app, with what is the customer's own in it. */
export function SetupPage() {
  const { strings } = useWords();
  const texts = strings.setup;
  const { appId } = useApp();
  const may = useMay();
  const all = usePublicKeys();
  const sample = useSample({ isAsked: may("imports:read") });
  // That of the sample goes with it.
  const keys = all.data?.filter(({ id }) => id !== sample.data?.keyId);
  const [chosen, choose] = useState<string | null>(null);
  const key = keys?.find(({ id }) => id === chosen) ?? keys?.[0];
  const setUp = { url: window.location.origin, appId, publicKey: key?.key ?? noKey };
  return (
    <>
      <PageHeader
        title={texts.title}
        lead={texts.lead}
        actions={
          <a href="/docs" className="text-link">
            {texts.documents}
          </a>
        }
      />
      <div className={styles.parts}>
        <SetUpValues
          mayMake={may("settings:write")}
          setUp={setUp}
          keys={keys}
          chosen={key?.id ?? null}
          onChoose={choose}
        />
        <Card flush>
          <Tabs defaultValue="web" keepMounted={false}>
            <Tabs.List aria-label={texts.platform} className={styles.tabs ?? ""}>
              {platforms.map((platform) => (
                <Tabs.Tab key={platform} value={platform}>
                  {texts[platform]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {platforms.map((platform) => (
              <Tabs.Panel key={platform} value={platform} className={styles.panel ?? ""}>
                <Steps platform={platform} setUp={setUp} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </Card>
      </div>
    </>
  );
}

function Steps({ platform, setUp }: { platform: Platform; setUp: snippets.SetUp }) {
  const { strings } = useWords();
  const texts = strings.setup;
  switch (platform) {
    case "web":
      return (
        <>
          <Step title={texts.scriptTag} code={snippets.scriptTag(setUp)} />
          <Step title={texts.npm} hint={texts.npmHint} code={snippets.npm(setUp)} />
          <Step title={texts.login} hint={texts.loginHint} code={snippets.login()} />
          <Step title={texts.push} hint={texts.pushHint} code={snippets.webPush(setUp)} />
        </>
      );
    case "server":
      return (
        <>
          <TokenNote />
          <Step title={texts.curl} code={snippets.sendByCurl(setUp)} />
          <Step title={texts.node} code={snippets.sendByNode(setUp)} />
          <Step title={texts.event} code={snippets.trackByCurl(setUp)} />
          <Step title={texts.hash} hint={texts.hashHint} code={snippets.hashByNode()} />
        </>
      );
    case "android":
      return <Mobile code={snippets.android(setUp)} library="HiveMQ MQTT Client" />;
    case "ios":
      return <Mobile code={snippets.ios(setUp)} library="CocoaMQTT" />;
    case "flutter":
      return <Mobile code={snippets.flutter(setUp)} library="mqtt_client" />;
    case "import":
      return (
        <>
          <TokenNote />
          <Step title={texts.importCurl} hint={texts.importHint} code={snippets.importByCurl(setUp)} />
          <Step title={texts.importNode} code={snippets.importByNode(setUp)} />
        </>
      );
  }
}

function Mobile({ code, library }: { code: string; library: string }) {
  const { strings } = useWords();
  const texts = strings.setup;
  return (
    <>
      <p className="soft">{texts.mobileHint}</p>
      <Step title={texts.register} hint={texts.library(library)} code={code} />
    </>
  );
}

function TokenNote() {
  const { strings } = useWords();
  const texts = strings.setup;
  return (
    <p className="soft">
      {texts.token}{" "}
      <Link to="/settings/tokens" className="text-link">
        {texts.tokens}
      </Link>
    </p>
  );
}

function Step({ title, hint, code }: { title: string; hint?: string; code: string }) {
  return (
    <section className={styles.step}>
      <h3 className={styles.title}>{title}</h3>
      {hint !== undefined && <p className="soft">{hint}</p>}
      <CodeBlock code={code} label={title} />
    </section>
  );
}
