import { describe, expect, it } from "vitest";
import { Gate } from "../../src/database/gate.ts";
import { DIRECT_HOST, type Host, type Step, taskId } from "../../src/task/index.ts";

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
    expect([gate.enter(false), gate.enter(false)]).toEqual([null, null]);
    expect(gate.inside).toBe(2);
  });

  it("lets one in alone only when everybody is out, and nobody while it is in", () => {
    const { host, woken } = recordingHost();
    const gate = new Gate(host, true, "the gate");
    gate.enter(false);
    const alone = waiting(gate.enter(true));
    expect(alone.take(B)).toBe(false);
    expect(alone.isEnabled(B)).toBe(false);
    gate.leave();
    expect(woken).toEqual([alone]);
    expect(alone.take(B)).toBe(true);
    const late = waiting(gate.enter(false));
    expect(late.take(C)).toBe(false);
    gate.leave();
    expect(woken).toEqual([alone, late]);
    expect(late.take(C)).toBe(true);
    expect(gate.inside).toBe(1);
  });

  it("serves in the order of arrival, so that no stream of many keeps one out", () => {
    const { host, woken } = recordingHost();
    const gate = new Gate(host, true, "the gate");
    gate.enter(false);
    const alone = waiting(gate.enter(true));
    alone.take(B);
    // There would be room for them; but somebody was before them.
    const behind = [waiting(gate.enter(false)), waiting(gate.enter(false))];
    expect(behind.map((step, i) => step.take(i === 0 ? C : D))).toEqual([false, false]);
    gate.leave();
    expect(woken).toEqual([alone]);
    alone.take(B);
    gate.leave();
    expect(woken).toEqual([alone, ...behind]);
  });

  it("makes going in a step for a driver that wants to choose", () => {
    const gate = new Gate(DIRECT_HOST, false, "the gate");
    const step = waiting(gate.enter(false));
    expect(gate.inside).toBe(0);
    expect(step.isEnabled(A) && step.take(A)).toBe(true);
    expect(gate.inside).toBe(1);
  });

  it("notices who goes out without having been in", () => {
    expect(() => new Gate(DIRECT_HOST, true, "the gate").leave()).toThrow(/is inside/);
  });
});
