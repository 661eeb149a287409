import type { DeviceType } from "../../../server/installations/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./Icons.module.css";
import { platformIcons } from "./platforms.tsx";

/** Kinds of devices. */
export function DeviceIcons({ types }: { types: readonly DeviceType[] }) {
  const { strings } = useWords();
  const { platforms } = strings.users;
  if (types.length === 0) return <span className="faint">{strings.common.none}</span>;
  const names = types.map((type) => platforms[type]).join(strings.common.comma);
  return (
    <span className={styles.icons} role="img" aria-label={names}>
      {types.map((type) => {
        const Icon = platformIcons[type];
        return (
          <span key={type} className={styles.icon} title={platforms[type]}>
            <Icon size={17} stroke={1.7} />
          </span>
        );
      })}
    </span>
  );
}
