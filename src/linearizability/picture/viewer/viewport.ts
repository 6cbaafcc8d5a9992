/** Which part of the axis is to be seen, and how large. */
export class Viewport {
  /** Position on the axis at the left edge, and pixels for one step of it. */
  left = 0;
  scale = 1;
  width = 1;
  #low = 0;
  #high = 1;

  /** Sets what there is to see, and shows all of it. */
  setRange(low: number, high: number): void {
    this.#low = low;
    this.#high = Math.max(high, low + 1e-9);
    this.fit();
  }

  /** Keeps what is in view, as the window changes its width. */
  resize(width: number): void {
    const isWhole = this.scale <= this.#least() * 1.0001;
    this.width = Math.max(1, width);
    if (isWhole) this.fit();
    else this.#clamp();
  }

  fit(): void {
    this.scale = this.#least();
    this.left = this.#low;
  }

  get right(): number {
    return this.left + this.width / this.scale;
  }

  toPixel(x: number): number {
    return (x - this.left) * this.scale;
  }

  toAxis(pixel: number): number {
    return this.left + pixel / this.scale;
  }

  /** Makes everything larger by a factor; what lies under `pixel` stays there. */
  zoomAt(pixel: number, factor: number): void {
    const fixed = this.toAxis(pixel);
    this.scale *= factor;
    this.#clampScale();
    this.left = fixed - pixel / this.scale;
    this.#clamp();
  }

  panBy(pixels: number): void {
    this.left += pixels / this.scale;
    this.#clamp();
  }

  /** Shows a stretch of the axis with room on both sides. */
  show(from: number, to: number): void {
    const room = Math.max((to - from) * 0.25, this.#steps() * 1e-3);
    this.scale = this.width / (to - from + 2 * room);
    this.#clampScale();
    this.left = (from + to) / 2 - this.width / this.scale / 2;
    this.#clamp();
  }

  /** Shows what was in view before. */
  showAt(left: number, scale: number): void {
    this.scale = scale;
    this.left = left;
    this.#clamp();
  }

  /** Pans as little as it takes to have this stretch in view, or its beginning. */
  reveal(from: number, to: number): void {
    const room = Math.min(60, this.width / 8) / this.scale;
    if (to + room > this.right) this.left = to + room - this.width / this.scale;
    if (from - room < this.left) this.left = from - room;
    this.#clamp();
  }

  get low(): number {
    return this.#low;
  }

  get high(): number {
    return this.#high;
  }

  #steps(): number {
    return this.#high - this.#low;
  }

  #least(): number {
    return this.width / this.#steps();
  }

  #clampScale(): void {
    const least = this.#least();
    // A millionth of the whole is as far as it goes in.
    this.scale = Math.max(least, Math.min(this.scale, least * 1e6));
  }

  #clamp(): void {
    this.#clampScale();
    const most = this.#high - this.width / this.scale;
    this.left = Math.max(this.#low, Math.min(this.left, most));
  }
}
