import type { User } from "../../../server/users/schema.ts";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";

/** Attributes by name; structured values as JSON. */
export function Attributes({ attributes }: { attributes: User["attributes"] }) {
  const { strings, format } = useWords();
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return <p className="faint">{strings.users.noAttributes}</p>;
  const write = (value: unknown) => {
    if (typeof value === "string") return <span dir="auto">{value}</span>;
    if (typeof value === "number") return <span className="number">{format.number(value)}</span>;
    if (typeof value === "boolean") return value ? strings.common.yes : strings.common.no;
    return (
      <bdi dir="ltr" className="mono">
        {JSON.stringify(value)}
      </bdi>
    );
  };
  return <Facts facts={names.map((name) => ({ name, value: write(attributes[name]) }))} />;
}
