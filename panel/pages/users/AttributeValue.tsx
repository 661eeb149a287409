import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import { type AttributeType, placeIn } from "./attributeValues.ts";

/** A value as a reader expects it; structured ones as JSON. */
export function AttributeValue({ type, value }: { type: AttributeType; value: unknown }) {
  const { strings, format } = useWords();
  if (type === "DATETIME" && typeof value === "string") return <Time iso={value} />;
  // A day is a day everywhere: noon in UTC is on it in most zones.
  if (type === "DATE" && typeof value === "string") return <Time iso={`${value}T12:00:00Z`} dayOnly />;
  const place = type === "LOCATION" ? placeIn(value) : null;
  if (place !== null) {
    return (
      <bdi dir="ltr" className="number">
        {place.latitude}, {place.longitude}
      </bdi>
    );
  }
  if (typeof value === "string") return <span dir="auto">{value}</span>;
  if (typeof value === "number") return <span className="number">{format.number(value)}</span>;
  if (typeof value === "boolean") return value ? strings.common.yes : strings.common.no;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return <span dir="auto">{value.join(strings.common.comma)}</span>;
  }
  return (
    <bdi dir="ltr" className="mono">
      {JSON.stringify(value)}
    </bdi>
  );
}
