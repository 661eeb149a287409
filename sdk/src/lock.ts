/** Runs work while nobody else on this device does anything under the same name. */
export type Locked = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Of all pages of the site where the browser has locks, of this page or process otherwise. */
export function createLocks(prefix: string, manager: LockManager | undefined): Locked {
  if (manager) {
    // The promise of a request is that of its work, which the types of the DOM do not say.
    return <T>(name: string, work: () => Promise<T>) =>
      manager.request(prefix + name, work as () => Promise<unknown>) as Promise<T>;
  }
  const last = new Map<string, Promise<unknown>>();
  return <T>(name: string, work: () => Promise<T>) => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work, work);
    last.set(
      name,
      turn.catch(() => {}),
    );
    return turn;
  };
}
