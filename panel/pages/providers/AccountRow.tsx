import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { ProviderAccount } from "../../../server/providers/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { AccountBadge } from "../../ui/StatusBadge.tsx";
import { Time } from "../../ui/Time.tsx";
import type { Turn } from "./accountOrder.ts";
import { kindName } from "./kindName.ts";
import { PlatformBadges } from "./PlatformBadges.tsx";
import { ProviderMark } from "./ProviderMark.tsx";
import { ProviderSwitch } from "./ProviderSwitch.tsx";
import styles from "./ProvidersPage.module.css";
import { useTurnWords } from "./useTurnWords.ts";

interface AccountRowProps {
  turn: Turn<ProviderAccount>;
  /** From 0. */
  place: number;
  /** Of the accounts of the channel. */
  count: number;
  onMove(by: -1 | 1): void;
}

/** One account among those of its channel: when it is used, whether it works, and how it does. */
export function AccountRow({ turn, place, count, onMove }: AccountRowProps) {
  const { strings, format } = useWords();
  const texts = strings.providers;
  const words = useTurnWords(turn);
  const { id, name, provider, channel, status, statusDetail, tokenServices } = turn.account;
  const kind = kindName(provider, strings);
  const { ratePerSecond, lastMinute, lastSuccessAt } = turn.account;
  return (
    <li className={styles.account}>
      <div className={styles.place}>
        {count > 1 && <Mover name={name} place={place} count={count} onMove={onMove} />}
      </div>
      <ProviderMark provider={provider} />
      <div className={styles.what}>
        <div className={styles.line}>
          <Link
            to="/providers/$providerId"
            params={{ providerId: id }}
            className={`${styles.name} along`}
            dir="auto"
          >
            {name}
          </Link>
          {kind !== name && <span className="faint">{kind}</span>}
          {channel === "push" && <PlatformBadges services={tokenServices} />}
        </div>
        {words.map((sentence) => (
          <p key={sentence} className={styles.turn}>
            {sentence}
          </p>
        ))}
      </div>
      <div className={styles.health}>
        <AccountBadge status={status} />
        {statusDetail !== null && (
          <span className="faint clamp-2" dir="auto" title={statusDetail}>
            {statusDetail}
          </span>
        )}
        <span className="faint">
          {lastSuccessAt === null ? (
            texts.unusedYet
          ) : (
            <>
              {texts.lastSuccess}: <Time iso={lastSuccessAt} ago />
            </>
          )}
        </span>
        {lastMinute.accepted + lastMinute.failed > 0 && (
          <span className="faint">
            {texts.lastMinute}: {texts.accepted(format.number(lastMinute.accepted))} ·{" "}
            {texts.failed(format.number(lastMinute.failed))}
          </span>
        )}
      </div>
      <span className={`${styles.rate} faint`}>
        {ratePerSecond === null ? texts.noLimit : texts.perSecond(format.decimal(ratePerSecond))}
      </span>
      <ProviderSwitch account={turn.account} />
    </li>
  );
}

type MoverProps = Pick<AccountRowProps, "place" | "count" | "onMove"> & { name: string };

/** Moves an account up and down. Whoever does so by keyboard goes on in the new place, at its end with the other button. */
function Mover({ name, place, count, onMove }: MoverProps) {
  const { strings, format } = useWords();
  const texts = strings.providers;
  const up = useRef<HTMLButtonElement>(null);
  const down = useRef<HTMLButtonElement>(null);
  const pressed = useRef<-1 | 1 | null>(null);
  const move = (by: -1 | 1) => {
    pressed.current = by;
    onMove(by);
  };
  useEffect(() => {
    // A row that is moved loses the focus, and so does a button that is disabled.
    const isUp = place > 0 && (pressed.current === -1 || place === count - 1);
    if (pressed.current !== null) (isUp ? up : down).current?.focus();
    pressed.current = null;
  }, [place, count]);
  return (
    <>
      <ActionIcon
        ref={up}
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={texts.moveUp(name)}
        disabled={place === 0}
        onClick={() => move(-1)}
      >
        <IconChevronUp size={16} />
      </ActionIcon>
      <span className={styles.number}>{format.number(place + 1)}</span>
      <ActionIcon
        ref={down}
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={texts.moveDown(name)}
        disabled={place === count - 1}
        onClick={() => move(1)}
      >
        <IconChevronDown size={16} />
      </ActionIcon>
    </>
  );
}
