/**
 * A command to a tree and to the map it should agree with, in numbers: which operation, on which
 * key, with which value. Kinds 0 to 2 put, 3 inserts, 4 to 7 delete, higher ones get.
 */
export type Command = readonly [kind: number, key: number, value: number];

/** Does a command to a map; what the tree should say. */
export function expected(
  model: Map<number, number>,
  [kind, key, value]: Command,
): boolean | number | undefined {
  const known = model.get(key);
  if (kind < 3) model.set(key, value);
  else if (kind < 4) model.set(key, known ?? value);
  else if (kind < 8) return model.delete(key);
  else return known;
  return known === undefined;
}
