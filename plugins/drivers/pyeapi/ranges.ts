/** `1,3-5` as the numbers in it: `["1", "3", "4", "5"]`. What is no number stays as it is. */
export function expandRange(list: string, separator = ",", dash = "-"): string[] {
  return list.split(separator).flatMap((item) => {
    if (!item.includes(dash)) return [item];
    const [first, last] = item.split(dash).map(Number);
    if (first === undefined || last === undefined || Number.isNaN(first + last))
      throw new RangeError(`${item} is not a range of numbers`);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => String(first + index));
  });
}

/** Numbers in ascending order with neighbours put together: `1,2,3,7` is `["1-3", "7"]`. */
export function collapseRange(list: string, separator = ",", dash = "-"): string[] {
  const runs: [first: string, last: string][] = [];
  for (const item of list.split(separator)) {
    const run = runs.at(-1);
    if (run && Number(run[1]) + 1 === Number(item)) run[1] = item;
    else runs.push([item, item]);
  }
  return runs.map(([first, last]) => (first === last ? first : `${first}${dash}${last}`));
}
