import { Select, Skeleton } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../../ui/language.tsx";
import { isRecord } from "../../ui/rules.ts";
import { degreesOf, distanceUnits, type Point } from "./circle.ts";
import { NumberField } from "./NumberField.tsx";
import styles from "./PlaceValue.module.css";
import type { ValueProps } from "./valueProps.ts";

// The coasts of the world weigh three quarters of a megabyte.
const PointMap = lazy(async () => ({ default: (await import("./PointMap.tsx")).PointMap }));

/** What the fields hold; each may be missing while it is typed. */
interface Circle {
  lat: number | undefined;
  lng: number | undefined;
  maxDistance: number | undefined;
  unit: (typeof distanceUnits)[number];
}

function readCircle(value: unknown): Circle {
  const { lat, lng, maxDistance, unit } = isRecord(value) ? value : { maxDistance: 5 };
  const number = (item: unknown) => (typeof item === "number" ? item : undefined);
  return {
    lat: number(lat),
    lng: number(lng),
    maxDistance: number(maxDistance),
    unit: distanceUnits.find((item) => item === unit) ?? "kilometers",
  };
}

/** A circle on the map: its middle, clicked or typed, and how far around it. */
export function PlaceValue({ value, onChange }: Pick<ValueProps, "value" | "onChange">) {
  const { strings } = useWords();
  const texts = strings.segments.place;
  const [circle, setCircle] = useState(() => readCircle(value));
  const { lat, lng, maxDistance, unit } = circle;
  const put = (changed: Partial<Circle>) => {
    const next = { ...circle, ...changed };
    setCircle(next);
    const isWhole = next.lat !== undefined && next.lng !== undefined && next.maxDistance !== undefined;
    onChange(isWhole ? next : undefined);
  };
  const point: Point | null = lat === undefined || lng === undefined ? null : { lat, lng };
  const within = (most: number, fault: string) => (number: number) =>
    Math.abs(number) <= most ? undefined : fault;
  return (
    <div className={styles.place}>
      <Suspense fallback={<Skeleton className={styles.waiting ?? ""} />}>
        <PointMap
          point={point}
          degrees={maxDistance === undefined ? 0 : degreesOf(maxDistance, unit)}
          onPick={put}
        />
      </Suspense>
      <div className={styles.fields}>
        <NumberField
          label={texts.lat}
          isLabelShown
          value={lat}
          check={within(90, texts.latWrong)}
          onChange={(next) => put({ lat: next })}
        />
        <NumberField
          label={texts.lng}
          isLabelShown
          value={lng}
          check={within(180, texts.lngWrong)}
          onChange={(next) => put({ lng: next })}
        />
        <NumberField
          label={texts.radius}
          isLabelShown
          value={maxDistance}
          check={(number) => (number > 0 ? undefined : strings.segments.values.numberWrong)}
          onChange={(next) => put({ maxDistance: next })}
        />
        <Select
          label={texts.unit}
          allowDeselect={false}
          data={distanceUnits.map((item) => ({ value: item, label: texts.units[item] }))}
          value={unit}
          onChange={(chosen) => {
            const next = distanceUnits.find((item) => item === chosen);
            if (next !== undefined) put({ unit: next });
          }}
        />
      </div>
      {point === null && <p className="faint">{texts.hint}</p>}
    </div>
  );
}
