import {
  OptimisticCoupling,
  type Protocol,
  protocolNamed,
  PROTOCOLS,
} from "../../src/btree/index.ts";

/**
 * `olc` with more attempts before it latches as crabbing does. What it does then holds up all
 * others, whose attempts fail in turn: so how many there are decides what it is worth with writers.
 */
class PatientCoupling extends OptimisticCoupling {
  override readonly name = "olc-30";
  protected override readonly attempts = 30;
}

const PATIENT = new PatientCoupling();

/** The names of what is compared: every protocol, and `olc-30` behind `olc`. */
export const RIVALS: readonly string[] = PROTOCOLS.flatMap(({ name }) => {
  return name === "olc" ? [name, PATIENT.name] : [name];
});

/** @throws LatchworkError as protocolNamed, if there is none. */
export function rivalNamed(name: string): Protocol {
  return name === PATIENT.name ? PATIENT : protocolNamed(name);
}
