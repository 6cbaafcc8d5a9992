import { optionNames, refuseUnknownOptions, refuseUnknownName } from "../../task/index.ts";
/** What a disk can do wrong when a request is carried out. */
export type DiskFault =
  | "read error"
  | "corrupted read"
  | "write error"
  | "no space"
  | "failed sync"
  | "replaced directory";

const FAULTS: readonly DiskFault[] = [
  "read error",
  "corrupted read",
  "write error",
  "no space",
  "failed sync",
  "replaced directory",
];

/** Which faults the schedule may draw while the disk is armed. */
export interface FaultOptions {
  /** The faults that may happen; default none. */
  readonly kinds?: readonly DiskFault[];
  /**
   * Each fault possible for a request comes at one draw in so many; default 16. Depth-first search
   * wants 1, which makes a draw of exactly the outcomes there are.
   */
  readonly oneIn?: number;
  /** Most faults and delays in one run; default 1. Beyond it nothing is drawn. */
  readonly most?: number;
  /** Delays of slow requests in milliseconds of virtual time, beyond the latency; default none. */
  readonly slowMs?: readonly number[];
  /** Whether a request may hang for ever; default false. */
  readonly canStick?: boolean;
}

const OPTION_NAMES = optionNames<FaultOptions>({
  kinds: true,
  oneIn: true,
  most: true,
  slowMs: true,
  canStick: true,
});

/** A fault that is certain: for the next request that it can befall. */
interface Planned {
  readonly fault: DiskFault;
  /** Of this file only, or of any. */
  readonly name: string | null;
}

const ONE_IN_DEFAULT = 16;

/** Decides which request meets which fault: drawn from the schedule, or planned by a test. */
export class Faults {
  isArmed = false;
  /** Whether some request has met a fault since the run began. */
  hasStruck = false;
  /** Called with each fault as it is made, for stories. */
  onFault: ((fault: DiskFault, name: string) => void) | null = null;
  /** Whether a request may hang for ever, as the options say, unless that was changed since. */
  canStick: boolean;
  readonly #options: FaultOptions;
  readonly #choose: (count: number) => number;
  #made = 0;
  #wasPlanned = false;
  #planned: Planned[] = [];

  constructor(options: FaultOptions, choose: (count: number) => number) {
    refuseUnknownOptions("faults", options, OPTION_NAMES);
    for (const kind of options.kinds ?? []) refuseUnknownName("a fault", kind, FAULTS);
    this.#options = options;
    this.canStick = options.canStick ?? false;
    this.#choose = choose;
  }

  /** Starts anew: no fault was made, none is planned. */
  reset(): void {
    this.#made = 0;
    this.hasStruck = false;
    this.#planned = [];
  }

  plan(fault: DiskFault, name: string | null): void {
    refuseUnknownName("a fault", fault, FAULTS);
    this.#planned.push({ fault, name });
  }

  /** Whether a request that is carried out now may meet a fault. */
  get canStrike(): boolean {
    if (this.#planned.length > 0) return true;
    const { kinds = [], most = 1 } = this.#options;
    return this.isArmed && kinds.length > 0 && this.#made < most;
  }

  /** Whether a request made now may be delayed. */
  get canDelay(): boolean {
    const { slowMs = [], most = 1 } = this.#options;
    return this.isArmed && (slowMs.length > 0 || this.canStick) && this.#made < most;
  }

  /** The fault that a request on a file meets, one of those that it can meet, or null. */
  faultOf(possible: readonly DiskFault[], name: string): DiskFault | null {
    const fault = this.#decide(possible, name);
    if (fault === null) return null;
    this.hasStruck = true;
    this.onFault?.(fault, name);
    return fault;
  }

  #decide(possible: readonly DiskFault[], name: string): DiskFault | null {
    const planned = this.#planned.find(
      (one) => possible.includes(one.fault) && (one.name === null || one.name === name),
    );
    this.#wasPlanned = planned !== undefined;
    if (planned !== undefined) {
      this.#planned = this.#planned.filter((one) => one !== planned);
      return planned.fault;
    }
    const kinds = this.#options.kinds ?? [];
    return this.#draw(possible.filter((fault) => kinds.includes(fault))) ?? null;
  }

  /** By how much a request is delayed, in milliseconds; infinite if it is stuck. */
  delayMs(): number {
    const { slowMs = [] } = this.#options;
    return this.#draw(this.canStick ? [...slowMs, Number.POSITIVE_INFINITY] : slowMs) ?? 0;
  }

  /** Draws a number for the details of the fault just drawn; 0 for one that was planned. */
  detail(count: number): number {
    return count > 1 && !this.#wasPlanned ? this.#choose(count) : 0;
  }

  #draw<T>(outcomes: readonly T[]): T | undefined {
    const { oneIn = ONE_IN_DEFAULT, most = 1 } = this.#options;
    if (!this.isArmed || outcomes.length === 0 || this.#made >= most) return undefined;
    const drawn = this.#choose(Math.max(oneIn, outcomes.length + 1));
    // 0 is that all goes well, as are the numbers left over.
    const outcome = outcomes[drawn - 1];
    if (outcome !== undefined) this.#made++;
    return outcome;
  }
}
