import { Avatar, Menu, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconApps, IconLogout, IconSelector, IconUserCircle } from "@tabler/icons-react";
import { Link, useRouter } from "@tanstack/react-router";
import type { Session } from "../../server/signin/schema.ts";
import { useSignOut } from "../api/session.ts";
import styles from "./AccountMenu.module.css";
import { useMay } from "./appContext.ts";
import { useWords } from "./language.tsx";
import { useSayProblem } from "./useSayProblem.ts";

/** Who is signed in, and the way out. */
export function AccountMenu({ account, onNavigate }: { account: Session["account"]; onNavigate(): void }) {
  const { strings } = useWords();
  const router = useRouter();
  const may = useMay();
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
        <Menu.Item
          leftSection={<IconUserCircle size={15} />}
          component={Link}
          to="/account"
          onClick={onNavigate}
        >
          {strings.access.account.menu}
        </Menu.Item>
        {may("apps:write") && (
          <Menu.Item
            leftSection={<IconApps size={15} />}
            component={Link}
            to="/apps/new"
            onClick={onNavigate}
          >
            {strings.access.apps.add}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave} disabled={signOut.isPending}>
          {strings.account.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
