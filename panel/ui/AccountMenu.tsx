import { Avatar, Menu, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconLogout, IconSelector } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import type { Session } from "../../server/signin/schema.ts";
import { useSignOut } from "../api/session.ts";
import styles from "./AccountMenu.module.css";
import { useWords } from "./language.tsx";
import { useSayProblem } from "./useSayProblem.ts";

/** Who is signed in, and the way out. */
export function AccountMenu({ account }: { account: Session["account"] }) {
  const { strings } = useWords();
  const router = useRouter();
  const signOut = useSignOut();
  const sayProblem = useSayProblem();

  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        notifications.show({ message: strings.account.signedOut });
        void router.navigate({ to: "/signin" });
      },
      onError: sayProblem,
    });

  return (
    <Menu position="top-start" width="target" withinPortal>
      <Menu.Target>
        <UnstyledButton className={styles.account ?? ""} title={strings.account.menu(account.name)}>
          <Avatar size={28} radius="xl" color="accent" name={account.name} aria-hidden />
          <span className={styles.who}>
            <span className="clamp-1" dir="auto">
              {account.name}
            </span>
            <span className="clamp-1 faint" dir="ltr">
              {account.email}
            </span>
          </span>
          <IconSelector size={15} className="faint" aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave} disabled={signOut.isPending}>
          {strings.account.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
