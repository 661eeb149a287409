/** What happened, as a webhook is told of it. */
export interface Item {
  id: string;
  event: string;
  appId: string;
  time: string;
  userId: string | null;
  installationId: string | null;
  data: Record<string, unknown>;
}

/** The body of a request: one object, or a list of them. The same items always give the same bytes. */
export function bodyOf(items: readonly Item[], isList: boolean): string {
  const ordered = items.map(({ id, event, appId, time, userId, installationId, data }) => ({
    ...{ id, event, appId, time, userId, installationId, data },
  }));
  return JSON.stringify(isList ? ordered : ordered[0]);
}
