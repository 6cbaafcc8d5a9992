import {
  type AbstractOpenOptions,
  AbstractSublevel,
  type AbstractSublevelOptions,
} from "abstract-level";

/** A promise that was kept: what waits for it runs when the current callback ends. */
const KEPT = Promise.resolve();

/**
 * Opens a level when the current callback ends, unless it was opened or closed by then.
 *
 * The constructor of abstract-level does that too, by the global queueMicrotask, which a test suite
 * may have replaced: then the level would never open, nor keep any of its promises.
 */
export async function openSoon(
  level: { open(): Promise<void> },
  isAsked: () => boolean,
): Promise<void> {
  await KEPT;
  if (isAsked()) return;
  try {
    await level.open();
  } catch {
    // Later calls report it.
  }
}

/** A sublevel that opens by itself, whatever has been replaced. */
export class LatchworkSublevel<Parent, K, V> extends AbstractSublevel<Parent, Uint8Array, K, V> {
  #isAsked = false;

  constructor(parent: Parent, name: string, options?: AbstractSublevelOptions<K, V>) {
    super(parent, name, options);
    void openSoon(this, () => this.#isAsked);
  }

  override open(options?: AbstractOpenOptions): Promise<void> {
    if (options?.passive !== true) this.#isAsked = true;
    return options === undefined ? super.open() : super.open(options);
  }

  override close(): Promise<void> {
    this.#isAsked = true;
    return super.close();
  }

  _sublevel<SubK, SubV>(
    name: string,
    options: AbstractSublevelOptions<SubK, SubV>,
  ): LatchworkSublevel<this, SubK, SubV> {
    return new LatchworkSublevel(this, name, options);
  }
}
