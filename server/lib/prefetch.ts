/**
 * The same values in the same order, read up to `depth` ahead of the one who takes them, so that a slow consumer and
 * a slow producer work at the same time. An error is thrown where its value would have come.
 */
export async function* prefetch<T>(source: AsyncGenerator<T>, depth: number): AsyncGenerator<T> {
  const ahead: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    const next = source.next();
    // Awaited later; until then a failure must not count as unhandled.
    next.catch(() => {});
    ahead.push(next);
  };
  try {
    for (let index = 0; index < depth; index++) ask();
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const { done, value } = await next;
      if (done) return;
      ask();
      yield value;
    }
  } finally {
    await Promise.allSettled(ahead);
    await source.return(undefined);
  }
}
