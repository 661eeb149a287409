import { Badge } from "@mantine/core";
import type { Installation } from "../../../server/installations/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { flagOf } from "../../ui/flag.ts";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./DeviceCard.module.css";
import { platformIcons } from "./platforms.tsx";

/** A device: what it is, how it is used, and whether it can be reached. */
export function DeviceCard({ installation }: { installation: Installation }) {
  const { strings, format } = useWords();
  const texts = strings.users;
  const Icon = platformIcons[installation.deviceType];
  return (
    <Card>
      <div className={styles.head}>
        <span className={styles.icon} aria-hidden>
          <Icon size={20} stroke={1.6} />
        </span>
        <div className={styles.name}>
          <h3 dir="auto" className="along">
            {installation.deviceModel ?? texts.unknownModel}
          </h3>
          <p className="faint">{texts.platforms[installation.deviceType]}</p>
        </div>
        {installation.uninstalledAt === null && <Connection isConnected={installation.connected} />}
      </div>
      <DeviceFacts installation={installation} />
      <div className={styles.badges}>
        {installation.uninstalledAt === null ? (
          <Badge variant="light" color={installation.hasToken ? "teal" : "gray"}>
            {installation.hasToken ? texts.hasToken : texts.noToken}
          </Badge>
        ) : (
          <Badge variant="light" color="orange" title={format.dateTime(installation.uninstalledAt)}>
            {texts.uninstalled(format.date(installation.uninstalledAt))}
          </Badge>
        )}
        {installation.optedOut && (
          <Badge variant="light" color="red">
            {texts.optedOut}
          </Badge>
        )}
        <bdi className={`${styles.id} mono clamp-1`} title={installation.id}>
          {installation.id}
        </bdi>
      </div>
    </Card>
  );
}

function Connection({ isConnected }: { isConnected: boolean }) {
  const { strings } = useWords();
  return (
    <span className={`${styles.connection} ${isConnected ? styles.connected : ""}`}>
      <span className={styles.dot} aria-hidden />
      {isConnected ? strings.users.connected : strings.users.disconnected}
    </span>
  );
}

function DeviceFacts({ installation }: { installation: Installation }) {
  const { strings, format } = useWords();
  const texts = strings.users;
  const none = strings.common.none;
  const facts = [
    { name: texts.os, value: <bdi>{installation.osVersion ?? none}</bdi> },
    { name: texts.appVersion, value: <bdi>{installation.clientVersion ?? none}</bdi> },
    { name: texts.visits, value: <span className="number">{format.number(installation.launchCount)}</span> },
    { name: texts.firstVisit, value: <Time iso={installation.installDate} dayOnly /> },
    { name: texts.lastVisit, value: <Time iso={installation.launchTime} ago /> },
  ];
  const { language, country, timeZone } = installation;
  if (language !== null) facts.push({ name: texts.language, value: <bdi>{format.language(language)}</bdi> });
  if (country !== null) {
    facts.push({
      name: texts.country,
      value: (
        <>
          <span aria-hidden>{flagOf(country)}</span> <bdi>{format.country(country)}</bdi>
        </>
      ),
    });
  }
  if (timeZone !== null) facts.push({ name: texts.timeZone, value: <bdi dir="ltr">{timeZone}</bdi> });
  if (installation.location !== null) {
    const { lat, lng } = installation.location;
    facts.push({
      name: texts.location,
      value: (
        <bdi dir="ltr" className="number">
          {lat.toFixed(4)}, {lng.toFixed(4)}
        </bdi>
      ),
    });
  }
  return (
    <dl className={styles.facts}>
      {facts.map((fact) => (
        <div key={fact.name}>
          <dt>{fact.name}</dt>
          <dd>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
