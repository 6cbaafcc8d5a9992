/**
 * Says once what a list says several times, where it says it first.
 *
 * @param mark What is put after it, from how often it is there: `(3 times)`. O(names).
 */
export function listedOnce(names: readonly string[], mark: (times: number) => string): string[] {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  return Array.from(times, ([name, count]) => (count === 1 ? name : `${name} ${mark(count)}`));
}
