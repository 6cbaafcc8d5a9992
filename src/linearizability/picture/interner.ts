/** Numbers texts, so that each is written once. */
export class Interner {
  readonly #places = new Map<string, number>();
  readonly #texts: string[] = [];

  /** Every text once, by number. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  placeOf(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#texts.push(text) - 1;
      this.#places.set(text, place);
    }
    return place;
  }
}
