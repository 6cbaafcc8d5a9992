/** Keeps clients from beginning anything new while it is shut. */
export class Gate {
  #open: (() => void) | null = null;
  #shut: Promise<void> | null = null;

  shut(): void {
    this.#shut ??= new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#open?.();
    this.#open = null;
    this.#shut = null;
  }

  /** Resolves at once if it is open, else when it is opened. */
  async pass(): Promise<void> {
    while (this.#shut !== null) await this.#shut;
  }
}
