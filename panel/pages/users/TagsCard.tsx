import { TagsInput } from "@mantine/core";
import type { UserWithInstallations } from "../../../server/installations/user-schema.ts";
import { useEditUser, useTags } from "../../api/users.ts";
import { Card } from "../../ui/Card.tsx";
import { useWords } from "../../ui/language.tsx";
import { useSayProblem } from "../../ui/useSayProblem.ts";

/** Tags, given and taken as they are written. */
export function TagsCard({ user }: { user: UserWithInstallations }) {
  const { strings } = useWords();
  const texts = strings.users;
  const known = useTags().data ?? [];
  const edit = useEditUser(user.userId);
  const sayProblem = useSayProblem();
  const { addTags = [], removeTags = [] } = edit.isPending ? edit.variables : {};
  const tags = [
    ...user.tags.filter((tag) => !removeTags.includes(tag) && !addTags.includes(tag)),
    ...addTags,
  ];
  return (
    <Card title={texts.tags}>
      <TagsInput
        aria-label={texts.tagsEditor}
        placeholder={texts.tagsPlaceholder}
        data={known}
        limit={100}
        maxLength={512}
        // Leaving the field is no wish to give half a word as a tag.
        acceptValueOnBlur={false}
        readOnly={edit.isPending}
        value={tags}
        onChange={(next) =>
          edit.mutate(
            {
              addTags: next.filter((tag) => !user.tags.includes(tag)),
              removeTags: user.tags.filter((tag) => !next.includes(tag)),
            },
            { onError: sayProblem },
          )
        }
      />
    </Card>
  );
}
