import { InvariantViolation } from "../task/index.ts";
import type { PageHandle } from "./page-handle.ts";

const NO_BYTES = new Uint8Array(0);
const PlainDataView: new (buffer: ArrayBuffer) => DataView<ArrayBuffer> = DataView;

/** Stands in for the bytes of a page whose handle is not held, and refuses every access. */
export class ShutView extends PlainDataView {
  readonly #handle: PageHandle;

  constructor(handle: PageHandle) {
    super(NO_BYTES.buffer);
    this.#handle = handle;
  }

  override getUint8(): number {
    return this.#refuse();
  }

  override getUint16(): number {
    return this.#refuse();
  }

  override getUint32(): number {
    return this.#refuse();
  }

  override setUint8(): void {
    this.#refuse();
  }

  override setUint16(): void {
    this.#refuse();
  }

  override setUint32(): void {
    this.#refuse();
  }

  #refuse(): never {
    const { pageId, site, whyShut } = this.#handle;
    throw new InvariantViolation(`page ${pageId} (${site}) was used ${whyShut}`, "latch-misuse");
  }
}
