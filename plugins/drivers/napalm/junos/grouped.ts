/**
 * Values by key, in lists: of `[["a", 1], ["b", 2], ["a", 3]]` `{ a: [1, 3], b: [2] }`. Keys come from devices, so any text is a
 * key like another, `__proto__` too.
 */
export function listsBy<T>(entries: Iterable<readonly [string, T]>): Record<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const [key, value] of entries) {
    const list = lists.get(key);
    if (list) list.push(value);
    else lists.set(key, [value]);
  }
  return Object.fromEntries(lists);
}

/** Values by two keys: `{ outer: { inner: value } }`; a later one replaces one before. */
export function byTwo<T>(
  entries: Iterable<readonly [outer: string, inner: string, value: T]>,
): Record<string, Record<string, T>> {
  const lists = listsBy([...entries].map(([outer, inner, value]) => [outer, [inner, value] as const]));
  return Object.fromEntries(Object.entries(lists).map(([outer, list]) => [outer, Object.fromEntries(list)]));
}
