import { describe, expect, it } from "vitest";
import { type Setup, SimHost, simulate, type Simulation } from "../../src/sim/index.ts";
import {
  type DiskFile,
  type DiskRequest,
  type Host,
  Step,
  type Task,
} from "../../src/task/index.ts";

/** A door that tasks wait at until it is opened; whoever opens it has to wake them. */
class Door {
  isOpen = false;
  readonly wait: Step;
  /** How often a waiting step was told to see to it that it is woken. */
  parked = 0;
  readonly #host: Host;

  constructor(sim: Simulation) {
    this.#host = new SimHost(sim.scheduler);
    this.wait = new DoorStep(this);
  }

  /** @param wakes How often whoever waits is woken. */
  *open(wakes: number): Task<void> {
    yield new PlainStep("open the door");
    this.isOpen = true;
    for (let i = 0; i < wakes; i++) this.#host.wake(this.wait);
  }

  *shut(): Task<void> {
    yield new PlainStep("shut the door");
    this.isOpen = false;
  }

  *rattle(): Task<void> {
    yield new PlainStep("rattle at the door");
    this.#host.wake(this.wait);
  }
}

class DoorStep extends Step {
  override label = "go through the door";
  readonly #door: Door;

  constructor(door: Door) {
    super();
    this.#door = door;
  }

  override isEnabled(): boolean {
    return this.#door.isOpen;
  }

  override take(): boolean {
    return true;
  }

  override park(): void {
    this.#door.parked++;
  }
}

class PlainStep extends Step {
  override label: string;

  constructor(label: string) {
    super();
    this.label = label;
  }

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    return true;
  }
}

const failureOf = (setup: Setup): string | null => {
  const { finding } = simulate(setup, { strategy: "dfs" });
  if (finding !== null) expect(finding.failure.kind).toBe("lost-wakeup");
  return finding?.failure.message ?? null;
};

function guests(sim: Simulation, door: Door, count: number): void {
  for (let i = 0; i < count; i++) {
    sim.task(`guest ${i}`, function* () {
      yield door.wait;
    });
  }
}

describe("a step that waits and is enabled", () => {
  it("fails the run if nobody has woken it, and is named with what enabled it", () => {
    const message = failureOf((sim) => {
      const door = new Door(sim);
      guests(sim, door, 1);
      sim.task("porter", () => door.open(0));
    });
    expect(message).toMatchInlineSnapshot(`
      "lost wakeup: guest 0 can go on, but nobody has woken it
        it waits to go through the door, and could go on since the last step, of porter"
    `);
  });

  it.each([1, 2])("is right if it was woken %i times, whoever shares it", (wakes) => {
    const message = failureOf((sim) => {
      const door = new Door(sim);
      guests(sim, door, 2);
      sim.task("porter", () => door.open(wakes));
    });
    expect(message).toBeNull();
  });

  it("may wait for a latch that no queue hands over, whoever barges in", () => {
    const { finding, coverage } = simulate(
      (sim) => {
        const latch = sim.readWriteLatch("latch", "barging");
        for (const name of ["a", "b", "c"]) {
          sim.task(name, function* () {
            const guard = yield* latch.exclusive();
            guard.release();
          });
        }
      },
      { strategy: "dfs", releaseSteps: true },
    );
    expect(finding).toBeNull();
    expect(coverage).toMatchObject([{ exhausted: true }]);
  });

  it("is right if it never had to wait", () => {
    const message = failureOf((sim) => {
      const door = new Door(sim);
      door.isOpen = true;
      guests(sim, door, 1);
      sim.task("porter", () => door.open(0));
    });
    expect(message).toBeNull();
  });

  it("has to be woken anew if it was woken too early", () => {
    const message = failureOf((sim) => {
      const door = new Door(sim);
      guests(sim, door, 1);
      sim.task("porter", function* () {
        yield* door.rattle();
        yield* door.open(0);
      });
    });
    expect(message).toContain("guest 0 can go on, but nobody has woken it");
  });

  it("has to be woken anew if what woke it was undone before it went on", () => {
    const message = failureOf((sim) => {
      const door = new Door(sim);
      guests(sim, door, 1);
      sim.task("porter", function* () {
        yield* door.open(1);
        yield* door.shut();
        yield* door.open(0);
      });
    });
    expect(message).toContain("since the last step, of porter");
  });

  it("is parked once for each time that it must be woken", () => {
    const counts = new Set<number>();
    const message = failureOf((sim) => {
      const door = new Door(sim);
      guests(sim, door, 1);
      sim.task("porter", function* () {
        yield* door.rattle();
        yield* door.open(1);
      });
      return () => void counts.add(door.parked);
    });
    expect(message).toBeNull();
    expect([...counts]).toEqual([2]);
  });
});

/** Waits for a request of the disk that is another's step. */
class FetchStep extends Step {
  readonly #request: DiskRequest<number>;

  constructor(request: DiskRequest<number>, joins: boolean) {
    super();
    this.#request = request;
    this.dueAtMs = request.dueAtMs;
    if (joins) request.join(this);
  }

  override isEnabled(task: Parameters<Step["isEnabled"]>[0]): boolean {
    return this.#request.isEnabled(task);
  }

  override take(task: Parameters<Step["take"]>[0]): boolean {
    return this.#request.take(task);
  }
}

describe("a step that waits for another's request", () => {
  const reading =
    (joins: boolean, readMs: number): Setup =>
    (sim) => {
      const disk = sim.disk({ latency: { readMs } });
      disk.put("pages", new Uint8Array(8));
      sim.task("reader", function* () {
        const file: DiskFile = yield* disk.open("pages", "read");
        yield new FetchStep(file.read(0, new Uint8Array(8)), joins);
      });
    };

  it.each([0, 3])("is woken by the disk after %i ms if it has joined", (readMs) => {
    expect(failureOf(reading(true, readMs))).toBeNull();
  });

  it("is forgotten if it has not", () => {
    expect(failureOf(reading(false, 3))).toContain("reader can go on, but nobody has woken it");
  });

  it("waits for nothing where the disk takes no time", () => {
    expect(failureOf(reading(false, 0))).toBeNull();
  });
});
