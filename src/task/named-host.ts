import type { Fact } from "./facts.ts";
import type { Host, Sleep } from "./host.ts";
import type { Access, Step, TaskId } from "./step.ts";

/**
 * A host as one of several trees sees it: the same time and tasks, but every shared object that the
 * tree makes is called after it in reports, as `the log of left`.
 */
export class NamedHost implements Host {
  readonly #host: Host;
  readonly #name: string;

  constructor(host: Host, name: string) {
    this.#host = host;
    this.#name = name;
  }

  newObject(name: string): number {
    return this.#host.newObject(`${name} of ${this.#name}`);
  }

  touch(objectId: number, access: Access): void {
    this.#host.touch(objectId, access);
  }

  nowMs(): number {
    return this.#host.nowMs();
  }

  sleep(durationMs: number): Sleep {
    return this.#host.sleep(durationMs);
  }

  pauseIfDue(): Step | null {
    return this.#host.pauseIfDue();
  }

  wake(step: Step, isUrgent?: boolean): void {
    this.#host.wake(step, isUrgent);
  }

  released(task: TaskId, step: Step): void {
    this.#host.released(task, step);
  }

  get isTold(): boolean {
    return this.#host.isTold;
  }

  tell(fact: Fact): void {
    this.#host.tell(fact);
  }
}
