import { Badge } from "@mantine/core";
import { IconDeviceMobileOff } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { Erased } from "../../../server/profiles/schema.ts";
import { nameOf } from "../../../server/users/name-of.ts";
import { useUser } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { useWords } from "../../ui/language.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { EmptyState, ErrorState, PageSkeleton } from "../../ui/States.tsx";
import { Time } from "../../ui/Time.tsx";
import { AttributesCard } from "./AttributesCard.tsx";
import { BehavioursCard } from "./BehavioursCard.tsx";
import { DeviceCard } from "./DeviceCard.tsx";
import { EditUser } from "./EditUser.tsx";
import { ErasedUser } from "./ErasedUser.tsx";
import { PlacesCard } from "./PlacesCard.tsx";
import { ReachCard } from "./ReachCard.tsx";
import { SegmentsCard } from "./SegmentsCard.tsx";
import { TagsCard } from "./TagsCard.tsx";
import { Timeline } from "./Timeline.tsx";
import { UserMenu } from "./UserMenu.tsx";
import styles from "./UserPage.module.css";

/** One person: who they are, how they are reached, what they did and were sent. */
export function UserPage() {
  const { userId } = useParams({ from: "/shell/users/$userId" });
  return <Person key={userId} userId={userId} />;
}

function Person({ userId }: { userId: string }) {
  const [erased, setErased] = useState<Erased | null>(null);
  return erased === null ? <Profile userId={userId} onErased={setErased} /> : <ErasedUser erased={erased} />;
}

function Profile({ userId, onErased }: { userId: string; onErased(erased: Erased): void }) {
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
        title={nameOf(user.attributes) ?? user.userId}
        parent={{ title: strings.users.title, to: "/users" }}
        badge={
          user.isGuest && (
            <Badge variant="light" color="gray">
              {strings.users.guest}
            </Badge>
          )
        }
        actions={
          <>
            <EditUser user={user} />
            <UserMenu user={user} onErased={onErased} />
          </>
        }
      />
      <div className={styles.stack}>
        <div className={styles.columns}>
          <div className={styles.main}>
            <Card title={strings.users.identity}>
              <Identity user={user} />
            </Card>
            <AttributesCard user={user} />
          </div>
          <div className={styles.side}>
            <ReachCard user={user} />
            <TagsCard user={user} />
            <SegmentsCard userId={user.userId} />
          </div>
        </div>
        <BehavioursCard userId={user.userId} />
        <div className={styles.columns}>
          <div className={`${styles.main} ${styles.timeline}`}>
            <Timeline user={user} />
          </div>
          <div className={styles.side}>
            <Devices user={user} />
            <PlacesCard installations={user.installations} />
          </div>
        </div>
      </div>
    </>
  );
}

function Identity({ user }: { user: UserWithInstallations }) {
  const { strings, format } = useWords();
  const texts = strings.users;
  const none = <span className="faint">{strings.common.none}</span>;
  const id = (
    <span className={styles.id}>
      <bdi>{user.userId}</bdi>
      <CopyButton text={user.userId} label={strings.messages.copyId} />
    </span>
  );
  return (
    <Facts
      facts={[
        { name: texts.add.userId, value: id },
        {
          name: texts.phone,
          value:
            user.phone === null ? (
              none
            ) : (
              <bdi dir="ltr" className="number">
                +{user.phone}
              </bdi>
            ),
        },
        { name: texts.email, value: user.email === null ? none : <bdi dir="ltr">{user.email}</bdi> },
        {
          name: texts.language,
          value: user.language === null ? none : <bdi>{format.language(user.language)}</bdi>,
        },
        { name: texts.createdAt, value: <Time iso={user.createdAt} /> },
        { name: texts.updatedAt, value: <Time iso={user.updatedAt} ago /> },
      ]}
    />
  );
}

function Devices({ user }: { user: UserWithInstallations }) {
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
