import type { Operation } from "../btree/index.ts";
import {
  ACCESS_WRITE,
  type Host,
  Monitor,
  Session,
  SessionStates,
  type TaskId,
  taskId,
} from "../task/index.ts";

/** Gives tasks that nobody has numbered the ids by which latches and gates know them. */
export class TaskNumbers {
  readonly #monitor: Monitor;
  #given = 0;

  constructor(host: Host) {
    this.#monitor = new Monitor(host, "the numbers of tasks");
  }

  next(): TaskId {
    this.#monitor.touch(ACCESS_WRITE);
    return taskId(this.#given++);
  }
}

/** The sessions that an engine has seen or made, and what each has in its tree. */
export class Sessions {
  readonly #operations: SessionStates<Operation>;
  /** Of sessions that were lent and came back. */
  readonly #spare: Operation[] = [];
  readonly #lending: Monitor;
  readonly #numbers: TaskNumbers | null;
  #made = 0;

  /**
   * @param make Makes what a session has in the tree.
   * @param numbers Default: its own. Engines that share sessions share the numbers.
   */
  constructor(host: Host, make: (session: Session) => Operation, numbers?: TaskNumbers) {
    this.#lending = new Monitor(host, "the spare sessions");
    this.#numbers = numbers ?? null;
    this.#operations = new SessionStates(make);
  }

  /** What a session has in the tree. O(1). */
  operationOf(session: Session): Operation {
    return this.#operations.of(session);
  }

  /** A session for this task, or a spare one for whoever asks. */
  borrow(task?: TaskId): Session {
    return task === undefined ? this.lend().session : new Session(task);
  }

  /** What a spare session has in the tree, to be given back when it is not used any more. */
  lend(): Operation {
    this.#lending.touch(ACCESS_WRITE);
    return this.#spare.pop() ?? this.operationOf(new Session(this.#newTask()));
  }

  giveBack(op: Operation): void {
    this.#lending.touch(ACCESS_WRITE);
    this.#spare.push(op);
  }

  #newTask(): TaskId {
    return this.#numbers?.next() ?? taskId(this.#made++);
  }
}
