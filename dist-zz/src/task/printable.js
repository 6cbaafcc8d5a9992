/**
 * Characters that show nothing, that reorder the text around them, that a terminal obeys, or that
 * may not be in a document: control and format characters, ends of line and paragraph, halves of
 * surrogate pairs, noncharacters, and the letters that are blank.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{NChar}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;
/**
 * A text from outside as it may be printed: on one line, every character to be seen, the others as
 * JSON escapes them (`\u202e`). A JSON text on one line stays the same JSON.
 *
 * Whatever a program was given (names, keys, values, paths) goes through here before it gets to a
 * terminal, a message or a picture. Applied twice it changes nothing more.
 */
export function printable(text) {
    return text.replace(UNSEEN, escaped);
}
/** A character as JSON escapes it: one escape for each of its UTF-16 units. */
export function escaped(char) {
    const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
