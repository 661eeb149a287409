import { Alert, Button } from "@mantine/core";
import { IconHourglass, IconPlugConnectedX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Hold, MessageReport } from "../../../server/messages/schema.ts";
import { useWords } from "../../ui/language.tsx";
import { Time } from "../../ui/Time.tsx";
import styles from "./HoldAlert.module.css";

/** These end only when somebody does something about the account, or what is sent by it. */
const needsAccount: ReadonlySet<Hold["kind"]> = new Set(["no_account", "account_paused", "halted"]);

/** Of these the server says which account it is, or what a provider said; of the others what the hint says. */
const saysMore: ReadonlySet<Hold["kind"]> = new Set([...needsAccount, "account_waits"]);

/** Why nothing goes out, and what would mend it. */
export function HoldAlert({ hold, channel }: { hold: Hold; channel: MessageReport["channel"] }) {
  const { strings } = useWords();
  const texts = strings.report;
  const isStuck = needsAccount.has(hold.kind);
  const Icon = isStuck ? IconPlugConnectedX : IconHourglass;
  return (
    <Alert
      role="status"
      color={isStuck ? "red" : "yellow"}
      variant="light"
      title={texts.holds[hold.kind]}
      icon={<Icon size={20} stroke={1.7} />}
    >
      <div className={styles.body}>
        <div>
          <p>{texts.holdHints[hold.kind]}</p>
          {hold.until !== null && (
            <p>
              {texts.holdUntil}: <Time iso={hold.until} />
            </p>
          )}
          {saysMore.has(hold.kind) && (
            <p className={`${styles.said} along`} dir="auto">
              {hold.detail}
            </p>
          )}
        </div>
        {hold.kind === "no_account" && channel !== "inbox" ? (
          <Button
            size="xs"
            renderRoot={(props) => <Link to="/providers/new" search={{ channel }} {...props} />}
          >
            {strings.providers.add}
          </Button>
        ) : (
          isStuck && (
            <Button
              component={Link}
              to={hold.accountId === null ? "/providers" : `/providers/${hold.accountId}`}
              size="xs"
            >
              {hold.kind === "halted" && channel === "whatsapp"
                ? strings.whatsapp.templates.title
                : texts.toProviders}
            </Button>
          )
        )}
      </div>
    </Alert>
  );
}
