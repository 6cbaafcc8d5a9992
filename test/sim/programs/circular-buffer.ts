import type { Setup } from "../../../src/sim/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

const ROUNDS = 7;
const SIZE = 10;
const ERROR = -1;

/** Sender and receiver count their rounds, also those in which it was not their turn. */
export const circularBuffer: BenchmarkProgram = {
  name: "circular_buffer",
  start: "spawn",
  kind: "exception",
  broken: circularBufferOf(false),
  repaired: circularBufferOf(true),
};

function circularBufferOf(countsOnlyTurns: boolean): Setup {
  return (sim) => {
    const m = sim.mutex("m");
    const buffer: number[] = [];
    let first = 0;
    let next = 0;
    let maySend = true;
    const remove = (): number => (next > 0 && first < SIZE ? (buffer[first++] ?? ERROR) : ERROR);
    sim.task("send", function* () {
      let sent = 0;
      for (let round = 0; round < ROUNDS; round++) {
        yield m.lock();
        if (maySend) {
          buffer[next] = countsOnlyTurns ? sent : round;
          next = (next + 1) % SIZE;
          maySend = false;
          sent++;
        }
        m.unlock();
      }
    });
    sim.task("receive", function* () {
      let received = 0;
      for (let round = 0; round < ROUNDS; round++) {
        yield m.lock();
        if (!maySend) {
          const expected = countsOnlyTurns ? received : round;
          expectThat(remove() === expected, `expected ${expected}`);
          maySend = true;
          received++;
        }
        m.unlock();
      }
    });
  };
}
