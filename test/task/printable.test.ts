import { array, assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { printable } from "../../src/task/printable.ts";

const UNSEEN: readonly (readonly [what: string, char: string, said: string])[] = [
  ["a line end", "\n", "\\u000a"],
  ["the escape of terminals", "\u001b", "\\u001b"],
  ["delete", "\u007f", "\\u007f"],
  ["a control character of eight bits", "\u009b", "\\u009b"],
  ["a soft hyphen", "\u00ad", "\\u00ad"],
  ["what turns the direction around", "\u202e", "\\u202e"],
  ["an isolate", "\u2066", "\\u2066"],
  ["a joiner of no width", "\u200d", "\\u200d"],
  ["the end of a paragraph", "\u2029", "\\u2029"],
  ["a letter that is blank", "\u3164", "\\u3164"],
  ["half a pair", "\ud83d", "\\ud83d"],
  ["a noncharacter", "\uffff", "\\uffff"],
  ["a tag of two units", "\u{e0041}", "\\udb40\\udc41"],
];

describe("a text from outside", () => {
  it.each(UNSEEN)("shows %s as an escape", (_, char, said) => {
    expect(printable(`a${char}b`)).toBe(`a${said}b`);
  });

  it("stays as it is where all of it is to be seen", () => {
    const text = 'put "Größe" \\ 中文 😀 é -> {"a":1}';
    expect(printable(text)).toBe(text);
  });

  it("is the same JSON, and changes no more", () => {
    const anything = array(string({ unit: "binary" }));
    assert(
      property(anything, (value) => {
        const text = printable(JSON.stringify(value));
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(printable(text)).toBe(text);
      }),
    );
  });
});
