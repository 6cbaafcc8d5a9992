import type { Setup, Simulation } from "../../../src/sim/index.ts";
import type { Step } from "../../../src/task/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

/** What the driver's two tasks share. */
type Device = ReturnType<typeof deviceOf>;

/**
 * A driver counts its requests, so that it stops only when none is under way. The request looks at
 * the stop flag before it counts itself, so the driver can stop in between (Qadeer and Wu, 2004).
 */
export const bluetooth: BenchmarkProgram = {
  name: "bluetooth",
  // Here `main` is one of the two tasks, and spawns the other.
  start: "bare",
  kind: "exception",
  broken: bluetoothOf(enterLate),
  repaired: bluetoothOf(enterEarly),
};

function bluetoothOf(enter: (device: Device) => Generator<Step, boolean, void>): Setup {
  return (sim) => {
    const device = deviceOf(sim);
    sim.task("main", function* () {
      const stopper = yield* sim.spawn("stop", () => stop(device));
      if (yield* enter(device)) {
        expectThat(!(yield* device.isStopped.read()), "a request found the driver stopped");
      }
      yield* leave(device);
      yield stopper.join();
    });
  };
}

function deviceOf(sim: Simulation) {
  return {
    pending: sim.atomic("pending requests", 1),
    isStopping: sim.shared("stopping flag", false),
    mayStop: sim.shared("stopping event", false),
    isStopped: sim.shared("stopped", false),
  };
}

function* enterLate(device: Device): Generator<Step, boolean, void> {
  if (yield* device.isStopping.read()) return false;
  yield* device.pending.add(1);
  return true;
}

function* enterEarly(device: Device): Generator<Step, boolean, void> {
  yield* device.pending.add(1);
  return !(yield* device.isStopping.read());
}

function* leave(device: Device): Generator<Step, void, void> {
  const before = yield* device.pending.add(-1);
  if (before === 1) yield device.mayStop.write(true);
}

function* stop(device: Device): Generator<Step, void, void> {
  yield device.isStopping.write(true);
  yield* leave(device);
  if (yield* device.mayStop.read()) yield device.isStopped.write(true);
}
