import { describe, expect, it } from "vitest";
import { Gate } from "../../src/engine/gate.ts";
import {
  DIRECT_HOST,
  heldOf,
  type Host,
  type Step,
  type TaskId,
  taskId,
} from "../../src/task/index.ts";

const [A, B, C, D] = [taskId(0), taskId(1), taskId(2), taskId(3)];

function recordingHost(): { readonly host: Host; readonly woken: Step[] } {
  const woken: Step[] = [];
  return { host: { ...DIRECT_HOST, wake: (step) => woken.push(step) }, woken };
}

/** A step that the gate gave out, which must be one to wait on. */
function waiting(step: Step | null): Step {
  if (step === null) throw new Error("the gate let the task in at once");
  return step;
}

describe("the gate", () => {
  it("lets many in together at once", () => {
    const gate = new Gate(DIRECT_HOST, true, "the gate");
    expect([gate.enter(A, false), gate.enter(B, false)]).toEqual([null, null]);
    expect(gate.inside).toBe(2);
  });

  it("lets one in alone only when everybody is out, and nobody while it is in", () => {
    const { host, woken } = recordingHost();
    const gate = new Gate(host, true, "the gate");
    gate.enter(A, false);
    const alone = waiting(gate.enter(B, true));
    expect(alone.take(B)).toBe(false);
    expect(alone.isEnabled(B)).toBe(false);
    gate.leave(A);
    expect(woken).toEqual([alone]);
    expect(alone.take(B)).toBe(true);
    const late = waiting(gate.enter(C, false));
    expect(late.take(C)).toBe(false);
    gate.leave(B);
    expect(woken).toEqual([alone, late]);
    expect(late.take(C)).toBe(true);
    expect(gate.inside).toBe(1);
  });

  it("serves in the order of arrival, so that no stream of many keeps one out", () => {
    const { host, woken } = recordingHost();
    const gate = new Gate(host, true, "the gate");
    gate.enter(A, false);
    const alone = waiting(gate.enter(B, true));
    alone.take(B);
    // There would be room for them; but somebody was before them.
    const behind = [waiting(gate.enter(C, false)), waiting(gate.enter(D, false))];
    expect(behind.map((step, i) => step.take(i === 0 ? C : D))).toEqual([false, false]);
    gate.leave(A);
    expect(woken).toEqual([alone]);
    alone.take(B);
    gate.leave(B);
    expect(woken).toEqual([alone, ...behind]);
  });

  it("makes going in a step for a driver that wants to choose", () => {
    const gate = new Gate(DIRECT_HOST, false, "the gate");
    const step = waiting(gate.enter(A, false));
    expect(gate.inside).toBe(0);
    expect(step.isEnabled(A) && step.take(A)).toBe(true);
    expect(gate.inside).toBe(1);
  });

  it("knows whom a task waits for: who is inside, and who goes in before it", () => {
    const gate = new Gate(DIRECT_HOST, false, "the gate");
    const [a, b] = [waiting(gate.enter(A, false)), waiting(gate.enter(B, false))];
    const [c, d] = [waiting(gate.enter(C, true)), waiting(gate.enter(D, false))];
    const blockers = (step: Step): TaskId[] => {
      const found: TaskId[] = [];
      step.collectBlockers(A, found);
      return found;
    };
    expect([a.take(A), b.take(B), c.take(C), d.take(D)]).toEqual([true, true, false, false]);
    expect([a, b, c, d].map((step) => blockers(step))).toEqual([[], [], [A, B], [C]]);
    gate.leave(A);
    expect(blockers(c)).toEqual([B]);
    gate.leave(B);
    expect([blockers(c), blockers(d)]).toEqual([[], [C]]);
    gate.leave(C);
    expect(blockers(d)).toEqual([]);
  });

  it("tells the host who lets go of what", () => {
    const told: [TaskId, string][] = [];
    const released = (task: TaskId, step: Step): unknown =>
      told.push([task, heldOf(step.fact(), "the gate")]);
    const gate = new Gate({ ...DIRECT_HOST, released }, false, "the gate");
    for (const [task, alone] of [
      [A, true],
      [B, false],
    ] as const) {
      waiting(gate.enter(task, alone)).take(task);
      gate.leave(task);
    }
    expect(told).toEqual([
      [A, "the gate exclusively"],
      [B, "the gate"],
    ]);
  });

  it("notices who goes out without having been in", () => {
    expect(() => new Gate(DIRECT_HOST, true, "the gate").leave(A)).toThrow(/is inside/);
  });
});
