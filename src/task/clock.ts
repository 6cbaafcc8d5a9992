/** The time as a driver gives it: virtual in the simulator, real under the event loop. */
export interface Clock {
  /** Milliseconds since the driver began; never goes back. */
  nowMs(): number;
}
