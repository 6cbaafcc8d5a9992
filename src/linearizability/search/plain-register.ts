import { FootprintColumns } from "./footprint-columns.ts";
import { FootprintSteps } from "./footprint-steps.ts";
import type { Footprints } from "./footprints.ts";
import type { Part, Problem } from "./part.ts";

/** A part about one register, in columns only: what can be sent to another thread. */
export interface PlainRegister {
  readonly part: Part;
  readonly needs: Int32Array;
  readonly avoids: Int32Array;
  readonly makes: Int32Array;
  /** One more than the highest number of a value, and the number of the first one. */
  readonly values: number;
  readonly first: number;
}

/** The steps of a part about one register; null if it is about something else. */
export function registerOf({ steps }: Problem): Footprints | null {
  const { footprints } = steps;
  return footprints?.keys === 1 && footprints.columns.scans.size === 0 ? footprints : null;
}

/** Copies a part about one register. O(operations). */
export function plainRegisterOf(part: Part, prints: Footprints): PlainRegister {
  const { needs, avoids, makes, values } = prints.columns;
  return {
    // A view would be sent with all of its buffer.
    part: {
      ...part,
      ids: part.ids.slice(),
      isRequired: part.isRequired.slice(),
      isObserver: part.isObserver.slice(),
      deadlines: part.deadlines.slice(),
      slots: part.slots.slice(),
      events: part.events.slice(),
      orders: part.orders.slice(),
    },
    // These whole, so that memory is counted by the size of the copy.
    needs: needs.slice(),
    avoids: avoids.slice(),
    makes: makes.slice(),
    values,
    first: prints.firstValues[0] ?? 0,
  };
}

/** The buffers of a copy, for which its sender has no more use. */
export function transferables({ part, needs, avoids, makes }: PlainRegister): ArrayBuffer[] {
  const { ids, isRequired, isObserver, deadlines, slots, events, orders } = part;
  const columns = [ids, isRequired, isObserver, deadlines, slots, events, orders];
  const buffers = [...columns, needs, avoids, makes].map(({ buffer }) => buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

/** @param mergesDead Whether values that no operation asks for become one (deadValues). */
export function problemOfPlain(plain: PlainRegister, mergesDead: boolean): Problem {
  const { part, values, first } = plain;
  const columns = FootprintColumns.ofRegister(plain, part.operations, values, first);
  const { isRequired } = part;
  const steps = new FootprintSteps({ columns, keys: 1, initial: null, isRequired, mergesDead });
  return { part, steps };
}
