import type { Scheduler } from "../scheduler.ts";

/** The shared-object ids of a disk's files, given anew in each run as they are first needed. */
export class ObjectNames {
  readonly #scheduler: Scheduler;
  readonly #ids = new Map<string, number>();
  readonly #names = new Map<number, string>();
  #run = -1;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  idOf(name: string): number {
    if (this.#run !== this.#scheduler.runs) this.#beginRun();
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#scheduler.newObject();
      this.#ids.set(name, id);
      this.#names.set(id, name);
    }
    return id;
  }

  nameOf(id: number): string | null {
    return this.#run === this.#scheduler.runs ? (this.#names.get(id) ?? null) : null;
  }

  #beginRun(): void {
    this.#run = this.#scheduler.runs;
    this.#ids.clear();
    this.#names.clear();
  }
}
