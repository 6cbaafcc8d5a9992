import type { Scenario } from "../../hunt/index.ts";
import { assert } from "../../task/index.ts";
import type { Film } from "../film/index.ts";
import { diskAfter, NEW_DISK } from "./disk.ts";
import { eventsOf } from "./events.ts";
import { gatesAfter } from "./gates.ts";
import { latchesAfter } from "./latches.ts";
import { changedIn, noTrees, treesAfter } from "./pages.ts";
import type { Picture, TaskPicture } from "./picture.ts";
import { tasksAfter } from "./tasks.ts";

/** How many stops there are between two pictures that are kept. */
const KEY_FRAME_STOPS = 50;

/**
 * The pictures of a film, made as they are asked for. Those at key frames are kept, and the others
 * made from the last one before: a seek costs O({@link KEY_FRAME_STOPS}) steps, the first one to a
 * late stop O(stops).
 */
export class Reel {
  readonly film: Film;
  readonly #partitions: number;
  readonly #isOnDisk: boolean;
  readonly #kept = new Map<number, Picture>();
  #last: Picture | null = null;

  constructor(film: Film, { durability }: Pick<Scenario, "durability">) {
    this.film = film;
    this.#partitions = durability?.partitions ?? 1;
    this.#isOnDisk = durability !== undefined;
  }

  /** How many stops there are; at least 1. */
  get length(): number {
    return this.film.stops.length;
  }

  /** The picture of a stop. Requires: 0 <= stop < length. */
  at(stop: number): Picture {
    assert(Number.isInteger(stop) && stop >= 0 && stop < this.length, "a reel has this stop");
    let picture = this.#nearestBefore(stop);
    while (picture === null || picture.stop < stop) picture = this.#after(picture);
    this.#last = picture;
    return picture;
  }

  #nearestBefore(stop: number): Picture | null {
    let frame = stop - (stop % KEY_FRAME_STOPS);
    while (frame > 0 && !this.#kept.has(frame)) frame -= KEY_FRAME_STOPS;
    const kept = this.#kept.get(frame) ?? null;
    const last = this.#last;
    return last !== null && last.stop <= stop && last.stop > frame ? last : kept;
  }

  #after(before: Picture | null): Picture {
    const number = before === null ? 0 : before.stop + 1;
    const stop = this.film.stops[number];
    assert(stop !== undefined, "there is a stop after each but the last");
    const { lines } = stop;
    const latches = latchesAfter(before?.latches ?? new Map(), lines, this.#partitions);
    const gates = gatesAfter(before?.gates ?? new Map(), lines, this.#partitions);
    const under = { latches, gates, partitions: this.#partitions };
    const tasks = tasksAfter(before?.tasks ?? [], this.film.tasks, stop, under);
    const picture: Picture = {
      stop: number,
      isOpen: !tasks.some(isRecovering),
      trees: treesAfter(before?.trees ?? noTrees(this.#partitions), lines),
      tasks,
      latches,
      gates,
      changed: changedIn(lines),
      disk: this.#isOnDisk
        ? diskAfter(before?.disk ?? NEW_DISK, lines, this.#partitions === 1)
        : null,
      events: eventsOf(lines),
    };
    if (number % KEY_FRAME_STOPS === 0) this.#kept.set(number, picture);
    return picture;
  }
}

function isRecovering({ role, state }: TaskPicture): boolean {
  return role === "recovery" && (state === "ready" || state === "waits");
}
