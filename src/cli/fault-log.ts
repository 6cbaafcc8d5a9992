import { realNowMs } from "../task/driver-real-time.ts";
import { printable } from "../task/index.ts";
import { grouped } from "./output.ts";

/** Between two lines so much time passes: a full disk is one fault, whoever meets it. */
const QUIET_MS = 1000;

/** Tells of faults on standard error, a line each, and not more than one a second. */
export class FaultLog {
  #quietUntilMs = 0;
  #held = 0;

  readonly tell = (fault: unknown): void => {
    const nowMs = realNowMs();
    if (nowMs < this.#quietUntilMs) {
      this.#held++;
      return;
    }
    const text = fault instanceof Error ? fault.message : String(fault);
    const others = this.#held === 0 ? "" : ` (and ${grouped(this.#held)} more faults before)`;
    process.stderr.write(`latchwork: ${printable(text)}${others}\n`);
    this.#held = 0;
    this.#quietUntilMs = nowMs + QUIET_MS;
  };
}
