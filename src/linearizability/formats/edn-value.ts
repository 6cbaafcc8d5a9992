/** A value of extensible data notation, as the parser gives it. Lists are read as vectors. */
export type EdnValue =
  | null
  | boolean
  | number
  | string
  | EdnKeyword
  | EdnVector
  | EdnMap
  | EdnSet
  | EdnTagged
  | EdnOdd;

/** `:name`, without its colon. */
export class EdnKeyword {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** `[...]` or `(...)`. */
export class EdnVector {
  readonly items: readonly EdnValue[];
  constructor(items: readonly EdnValue[]) {
    this.items = items;
  }
}

/** `{...}`, its keys and values in the order in which they stand. */
export class EdnMap {
  readonly entries: readonly (readonly [EdnValue, EdnValue])[];
  constructor(entries: readonly (readonly [EdnValue, EdnValue])[]) {
    this.entries = entries;
  }
}

/** `#{...}` */
export class EdnSet {
  readonly items: readonly EdnValue[];
  constructor(items: readonly EdnValue[]) {
    this.items = items;
  }
}

/** `#tag value` */
export class EdnTagged {
  readonly tag: string;
  readonly value: EdnValue;
  constructor(tag: string, value: EdnValue) {
    this.tag = tag;
    this.value = value;
  }
}

/**
 * What is well formed but means no value here: symbols, characters, ratios, numbers of too many
 * digits. Histories hold such things where they do not matter (an exception beside the event), so
 * they are faults only where a value is needed.
 */
export class EdnOdd {
  readonly text: string;
  readonly why: string;
  constructor(text: string, why: string) {
    this.text = text;
    this.why = why;
  }
}
