import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useWords } from "./language.tsx";
import { EmptyState, ErrorState } from "./States.tsx";

/** A page that could not be shown. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

/** No page has this address. */
export function NotFound() {
  const { strings } = useWords();
  return (
    <EmptyState
      icon={<IconMapQuestion size={22} stroke={1.6} />}
      title={strings.common.notFound}
      hint={strings.common.notFoundHint}
      action={
        <Button component={Link} to="/" variant="default">
          {strings.common.goHome}
        </Button>
      }
    />
  );
}
