import { Switch } from "@mantine/core";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import type { LeavableChannel } from "../../../server/users/schema.ts";
import { useEditUser } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { type ChannelName, channelIcons, channels } from "../../ui/channels.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";
import styles from "./ReachCard.module.css";

type Words = ReturnType<typeof useWords>;

/** By which channels a user is reached, or why not; those that a person leaves can be left and joined here. */
export function ReachCard({ user }: { user: UserWithInstallations }) {
  const words = useWords();
  const texts = words.strings.users;
  return (
    <Card title={texts.reach} hint={texts.reachHint}>
      <ul className={styles.channels}>
        {channels.map((channel) => {
          const Icon = channelIcons[channel];
          const isReached = Boolean(user.reach[channel]);
          return (
            <li key={channel} className={`${styles.channel} ${isReached ? styles.reached : ""}`}>
              <span className={styles.icon} aria-hidden>
                <Icon size={18} stroke={1.7} />
              </span>
              <span>
                <span className={styles.name}>{texts.channels[channel]}</span>
                <br />
                <span className={styles.why}>{whyOf(channel, user, words)}</span>
              </span>
              {isLeavable(channel) && <Join channel={channel} user={user} />}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

/** Inbox and push are left by device. */
const isLeavable = (channel: ChannelName): channel is LeavableChannel =>
  channel !== "inbox" && channel !== "push";

function whyOf(channel: ChannelName, user: UserWithInstallations, { strings, format }: Words): string {
  const texts = strings.users.reaches;
  const { reach, installations } = user;
  if (channel === "inbox" || channel === "push") {
    const count = reach[channel];
    if (count > 0) return texts.devices(count, format.number(count));
    if (installations.length === 0) return texts.noDevice;
    if (installations.every((installation) => installation.uninstalledAt !== null)) return texts.uninstalled;
    return reach.inbox === 0 ? texts.allLeft : texts.noToken;
  }
  if (channel === "email" && user.email === null) return texts.noEmail;
  if (channel !== "email" && user.phone === null) return texts.noPhone;
  return reach[channel] ? texts.reached : texts.left;
}

function Join({ channel, user }: { channel: LeavableChannel; user: UserWithInstallations }) {
  const { strings } = useWords();
  const texts = strings.users;
  const edit = useEditUser(user.userId);
  const sayProblem = useSayProblem();
  const others = user.optedOut.filter((left) => left !== channel);
  return (
    <Switch
      aria-label={texts.reaches.receives(texts.channels[channel])}
      title={texts.reaches.receives(texts.channels[channel])}
      checked={!user.optedOut.includes(channel)}
      disabled={edit.isPending}
      onChange={({ currentTarget }) =>
        edit.mutate(
          { optedOut: currentTarget.checked ? others : [...others, channel] },
          { onError: sayProblem },
        )
      }
    />
  );
}
