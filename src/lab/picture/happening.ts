import type { Picture, PictureEventKind } from "./picture.ts";

const WORTH_A_STOP: ReadonlySet<PictureEventKind> = new Set<PictureEventKind>([
  "split",
  "merge",
  "root",
  "freed",
  "waits",
  "gate-waits",
  "refused",
  "returned",
  "crash",
  "fault",
]);

/** Whether something has happened in the step before a picture that is worth a look. */
export function isHappening({ events }: Pick<Picture, "events">): boolean {
  return events.some(({ kind }) => WORTH_A_STOP.has(kind));
}
