import type { PlacedLink } from "./tree-layout.ts";

/** A link as the `d` of a path: children by a curve downwards, siblings straight. */
export function linkPath({ kind, from: [x, y], to: [toX, toY] }: PlacedLink): string {
  if (kind !== "child") return `M${short(x)} ${short(y)}L${short(toX)} ${short(toY)}`;
  const bend = (toY - y) / 2;
  const end = toY - ARROW;
  return (
    `M${short(x)} ${short(y)}C${short(x)} ${short(y + bend)} ` +
    `${short(toX)} ${short(end - bend)} ${short(toX)} ${short(end)}`
  );
}

const ARROW = 5;

/** The arrow's head at the end of a link, as the `points` of a polygon. */
export function arrowPoints({ kind, from: [fromX], to: [x, y] }: PlacedLink): string {
  const points =
    kind === "child"
      ? [x, y, x - 4, y - 8, x + 4, y - 8]
      : fromX < x
        ? [x, y, x - 8, y - 4, x - 8, y + 4]
        : [x, y, x + 8, y - 4, x + 8, y + 4];
  return points.map(short).join(" ");
}

/** A length with at most one digit behind the point. */
export function short(length: number): string {
  return String(Math.round(length * 10) / 10);
}
