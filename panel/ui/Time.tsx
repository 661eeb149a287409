import { useWords } from "./language.tsx";
import { useNow } from "./useNow.ts";

/** A point in time; the exact one on hover when shown as "3 minutes ago". Null is a dash. */
export function Time(props: { iso: string | null; ago?: boolean; dayOnly?: boolean }) {
  const { strings, format } = useWords();
  const now = useNow(20_000);
  if (props.iso === null) return <span className="faint">{strings.common.none}</span>;
  const text = props.ago
    ? format.ago(props.iso, now)
    : props.dayOnly
      ? format.date(props.iso)
      : format.dateTime(props.iso);
  return (
    <time dateTime={props.iso} title={format.dateTime(props.iso)} className="number">
      {text}
    </time>
  );
}
