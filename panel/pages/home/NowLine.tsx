import type { Dashboard } from "../../../server/dashboard/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";

/** The app, and how many people and devices it has. */
export function NowLine({ name, now }: { name: string; now: Dashboard["now"] }) {
  const { strings, format } = useWords();
  const texts = strings.home.now;
  return (
    <>
      <bdi>{name}</bdi>
      {now !== null && (now.users > 0 || now.installations > 0) && (
        <>
          {" · "}
          {texts.users(now.users, format.number(now.users))}
          {" · "}
          {texts.devices(now.installations, format.number(now.installations))}
          {" · "}
          {texts.connected(format.number(now.connected))}
          {" · "}
          <Time iso={now.at} ago />
        </>
      )}
    </>
  );
}
