import { Skeleton } from "@mantine/core";
import { lazy, Suspense } from "react";
import type { Installation } from "../../../server/installations/schema.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./PlacesCard.module.css";

// The coasts of the world weigh three quarters of a megabyte.
const PlacesMap = lazy(async () => ({ default: (await import("./PlacesMap.tsx")).PlacesMap }));

/** Where devices were last, on a map and in words; nothing when none of them said. */
export function PlacesCard({ installations }: { installations: readonly Installation[] }) {
  const { strings } = useWords();
  const texts = strings.users;
  const places = installations.flatMap(({ id, deviceModel, deviceType, launchTime, location }) =>
    location === null
      ? []
      : [{ id, name: deviceModel ?? texts.platforms[deviceType], launchTime, ...location }],
  );
  if (places.length === 0) return null;
  return (
    <Card title={texts.places} hint={texts.placesHint}>
      <div className={styles.map}>
        <Suspense fallback={<Skeleton className={styles.waiting ?? ""} />}>
          <PlacesMap places={places} />
        </Suspense>
      </div>
      <ul className={styles.places}>
        {places.map(({ id, name, launchTime, lat, lng }) => (
          <li key={id} className={styles.place}>
            <bdi className="clamp-1">{name}</bdi>
            <bdi dir="ltr" className="number">
              {lat.toFixed(4)}, {lng.toFixed(4)}
            </bdi>
            <Time iso={launchTime} ago />
          </li>
        ))}
      </ul>
    </Card>
  );
}
