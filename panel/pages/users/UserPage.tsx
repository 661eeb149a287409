import { Badge } from "@mantine/core";
import { IconDeviceMobileOff } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { type UserWithDevices, useUser } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { Addresses } from "./Addresses.tsx";
import { Attributes } from "./Attributes.tsx";
import { DeviceCard } from "./DeviceCard.tsx";
import { Tags } from "./Tags.tsx";
import styles from "./UserPage.module.css";

/** One person: who they are, and the devices they can be reached on. */
export function UserPage() {
  const { userId } = useParams({ from: "/shell/users/$userId" });
  const { strings } = useWords();
  const query = useUser(userId);
  if (query.data === undefined) {
    if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
    return <PageSkeleton />;
  }
  const user = query.data;
  return (
    <>
      <PageHeader
        title={user.userId}
        parent={{ title: strings.users.title, to: "/users" }}
        badge={
          <>
            <CopyButton text={user.userId} label={strings.messages.copyId} />
            {user.isGuest && (
              <Badge variant="light" color="gray">
                {strings.users.guest}
              </Badge>
            )}
          </>
        }
      />
      <div className={styles.columns}>
        <Devices user={user} />
        <div className={styles.side}>
          <Card title={strings.messages.details}>
            <UserFacts user={user} />
          </Card>
          <Card title={strings.users.tags}>
            {user.tags.length === 0 ? (
              <p className="faint">{strings.users.noTags}</p>
            ) : (
              <Tags tags={user.tags} />
            )}
          </Card>
          <Card title={strings.users.attributes}>
            <Attributes attributes={user.attributes} />
          </Card>
        </div>
      </div>
    </>
  );
}

function UserFacts({ user }: { user: UserWithDevices }) {
  const { strings } = useWords();
  const texts = strings.users;
  return (
    <Facts
      facts={[
        { name: texts.addresses, value: <Addresses user={user} /> },
        { name: texts.language, value: user.language ?? strings.common.none },
        { name: texts.createdAt, value: <Time iso={user.createdAt} /> },
        { name: texts.updatedAt, value: <Time iso={user.updatedAt} /> },
      ]}
    />
  );
}

function Devices({ user }: { user: UserWithDevices }) {
  const { strings, format } = useWords();
  const texts = strings.users;
  const count = user.installations.length;
  if (count === 0) {
    return (
      <Card title={texts.devices}>
        <EmptyState
          icon={<IconDeviceMobileOff size={22} stroke={1.6} />}
          title={texts.noDevices}
          hint={texts.noDevicesHint}
        />
      </Card>
    );
  }
  return (
    <section className={styles.devices} aria-label={texts.devices}>
      <h2 className={styles.devicesTitle}>{texts.deviceCount(count, format.number(count))}</h2>
      {user.installations.map((installation) => (
        <DeviceCard key={installation.id} installation={installation} />
      ))}
    </section>
  );
}
