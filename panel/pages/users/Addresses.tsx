import type { User } from "../../../server/users/schema.ts";
import { useWords } from "../../ui/language.tsx";
import styles from "./Addresses.module.css";

/** E-mail and phone, left to right in every language. */
export function Addresses({ user }: { user: Pick<User, "email" | "phone"> }) {
  const { strings } = useWords();
  if (user.email === null && user.phone === null) return <span className="faint">{strings.common.none}</span>;
  return (
    <span className={styles.addresses}>
      {user.email !== null && (
        <bdi dir="ltr" className="clamp-1" title={user.email}>
          {user.email}
        </bdi>
      )}
      {user.phone !== null && (
        <bdi dir="ltr" className="number">
          +{user.phone}
        </bdi>
      )}
    </span>
  );
}
