import { describe, expect, it } from "vitest";
import { Scheduler } from "../../src/sim/scheduler.ts";
import type { TaskSource } from "../../src/sim/sim-task.ts";
import { replayAsync, simulate, simulateAsync } from "../../src/sim/simulate.ts";
import { DepthFirstStrategy } from "../../src/sim/strategies/index.ts";
import { Trace } from "../../src/sim/trace.ts";
import { LatchworkError, Step, type Task } from "../../src/task/index.ts";

class FailingStep extends Step {
  override readonly label = "read";

  override isEnabled(): boolean {
    return true;
  }

  override take(): boolean {
    throw new LatchworkError("DISK_ERROR", "a bad sector");
  }
}

/** Operations that fail at their step, or before their first. */
class FailingSource implements TaskSource {
  readonly name = "reader";
  readonly events: string[] = [];
  readonly #operations: (() => Task<unknown>)[];
  readonly #isDealtWith: boolean;

  constructor(isDealtWith: boolean, ...operations: (() => Task<unknown>)[]) {
    this.#isDealtWith = isDealtWith;
    this.#operations = operations;
  }

  next(): Task<unknown> | null {
    return this.#operations.shift()?.() ?? null;
  }

  begun(): void {
    this.events.push("begun");
  }

  ended(value: unknown): void {
    this.events.push(`ended ${String(value)}`);
  }

  failed(error: LatchworkError): boolean {
    this.events.push(error.code);
    return this.#isDealtWith;
  }

  describe(): string {
    return "";
  }
}

function* reading(): Task<string> {
  yield new FailingStep();
  return "read";
}

function* catching(): Task<string> {
  try {
    return yield* reading();
  } catch (error) {
    return error instanceof LatchworkError ? error.code : "something else";
  }
}

function* failingAtOnce(): Task<string> {
  throw new LatchworkError("LOG_FAILED", "the log has failed");
}

function eventsOf(source: FailingSource): { readonly events: string[]; readonly kind?: string } {
  const scheduler = new Scheduler();
  const { failure } = scheduler.run(
    {
      begin: (one) => void one.addTask(source),
      finish: () => null,
      describeObject: () => "",
    },
    new DepthFirstStrategy(),
  );
  return { events: source.events, ...(failure === null ? {} : { kind: failure.message }) };
}

describe("a fault that a step throws", () => {
  it("is thrown into the task, which may catch it", () => {
    expect(eventsOf(new FailingSource(false, catching))).toEqual({
      events: ["begun", "ended DISK_ERROR"],
    });
  });

  it("ends the operation if it is not caught, and the source may go on with the next", () => {
    expect(eventsOf(new FailingSource(true, reading, catching))).toEqual({
      events: ["begun", "DISK_ERROR", "begun", "ended DISK_ERROR"],
    });
  });

  it("ends an operation before its first step too", () => {
    expect(eventsOf(new FailingSource(true, failingAtOnce, failingAtOnce, catching))).toEqual({
      events: ["begun", "LOG_FAILED", "begun", "LOG_FAILED", "begun", "ended DISK_ERROR"],
    });
  });

  it("fails the run if nobody deals with it", () => {
    expect(eventsOf(new FailingSource(false, reading))).toEqual({
      events: ["begun", "DISK_ERROR"],
      kind: "LatchworkError: a bad sector",
    });
  });

  it("is an event of the trace", () => {
    const scheduler = new Scheduler();
    scheduler.trace = new Trace();
    scheduler.run(
      {
        begin: (one) => void one.addTask(new FailingSource(true, reading)),
        finish: () => null,
        describeObject: () => "",
      },
      new DepthFirstStrategy(),
    );
    expect(scheduler.trace.toText()).toBe("0 a read #-1 failed\n");
  });

  it("fails the run of a plain task that does not catch it, as an exception", () => {
    const { finding } = simulate((sim) => void sim.task("reader", reading));
    expect(finding?.failure.kind).toBe("exception");
  });

  it("rejects what an async task awaits", async () => {
    const seen: string[] = [];
    const { finding, schedule } = await simulateAsync(
      (sim) => {
        seen.length = 0;
        sim.asyncTask("reader", async (t) => {
          await t.run(new FailingStep()).catch((error: unknown) => seen.push(String(error)));
          await t.run(catching()).then((value) => seen.push(value));
          await t.run(reading());
        });
      },
      { runs: 1 },
    );
    expect(seen).toEqual(["LatchworkError: a bad sector", "DISK_ERROR"]);
    expect(finding?.failure.message).toBe("LatchworkError: a bad sector");
    expect(schedule).toBe("a4");
    const retold = await replayAsync((sim) => {
      sim.asyncTask("reader", async (t) => void (await t.run(reading())));
    }, "a2");
    expect(retold.story).toContain("reader  tries to read (fails)");
  });
});
