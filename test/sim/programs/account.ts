import type { Setup } from "../../../src/sim/index.ts";
import { type BenchmarkProgram, expectThat } from "./benchmark-program.ts";

/** The check has the sign of the deposit wrong, which shows only if it comes last. */
export const account: BenchmarkProgram = {
  name: "account",
  start: "spawn",
  kind: "exception",
  broken: accountOf(-2),
  repaired: accountOf(2),
};

function accountOf(depositChecked: number): Setup {
  return (sim) => {
    const m = sim.mutex("m");
    let balance = 1;
    let isDeposited = false;
    let isWithdrawn = false;
    sim.task("check", function* () {
      yield m.lock();
      if (isDeposited && isWithdrawn) {
        expectThat(balance === 1 + depositChecked - 4, `balance is ${balance}`);
      }
      m.unlock();
    });
    sim.task("deposit", function* () {
      yield m.lock();
      balance += 2;
      isDeposited = true;
      m.unlock();
    });
    sim.task("withdraw", function* () {
      yield m.lock();
      balance -= 4;
      isWithdrawn = true;
      m.unlock();
    });
  };
}
