import { Badge, Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { SignedInDevice } from "../../../server/signin/schema.ts";
import { useSignedInDevices, useSignOutElsewhere } from "../../api/account.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { ErrorState, RowsSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./AccountPage.module.css";
import { browserOf } from "./browserOf.ts";

/** Where the account is signed in, and the way out of there. */
export function Devices() {
  const { strings } = useWords();
  const texts = strings.access.account;
  const devices = useSignedInDevices();
  const signOut = useSignOutElsewhere();
  const sayProblem = useSayProblem();
  const others = devices.data?.filter(({ isCurrent }) => !isCurrent) ?? [];
  const leaveOthers = (
    <Button
      variant="default"
      size="xs"
      loading={signOut.isPending && signOut.variables === "others"}
      onClick={() =>
        signOut.mutate("others", {
          onSuccess: () => notifications.show({ message: texts.signedOutOthers }),
          onError: sayProblem,
        })
      }
    >
      {texts.signOutOthers}
    </Button>
  );
  return (
    <Card flush title={texts.devices} actions={others.length > 0 ? leaveOthers : undefined}>
      {devices.data !== undefined ? (
        <ul className={styles.devices}>
          {devices.data.map((device) => (
            <Device
              key={device.id}
              device={device}
              isPending={signOut.isPending && signOut.variables === device.id}
              onSignOut={() => signOut.mutate(device.id, { onError: sayProblem })}
            />
          ))}
        </ul>
      ) : devices.isError ? (
        <ErrorState error={devices.error} onRetry={() => void devices.refetch()} />
      ) : (
        <RowsSkeleton rows={2} />
      )}
    </Card>
  );
}

function Device(props: { device: SignedInDevice; isPending: boolean; onSignOut(): void }) {
  const { strings } = useWords();
  const texts = strings.access.account;
  const { userAgent, ip, lastSeenAt, isCurrent } = props.device;
  const name = browserOf(userAgent) ?? texts.unknownBrowser;
  return (
    <li className={styles.device}>
      <div className={styles.what}>
        <strong title={userAgent ?? undefined}>
          <bdi>{name}</bdi>
        </strong>{" "}
        {isCurrent && (
          <Badge variant="light" size="sm">
            {texts.thisOne}
          </Badge>
        )}
        <div className="faint">
          {ip !== null && (
            <>
              <span className="mono" dir="ltr">
                {ip}
              </span>{" "}
              ·{" "}
            </>
          )}
          {texts.lastSeen}: <Time iso={lastSeenAt} ago />
        </div>
      </div>
      {!isCurrent && (
        <Button
          variant="default"
          size="xs"
          aria-label={texts.signOut(name)}
          loading={props.isPending}
          onClick={props.onSignOut}
        >
          {texts.signOutOne}
        </Button>
      )}
    </li>
  );
}
