import { describe, expect, it } from "vitest";
import { escapeMarkup, scriptJson } from "../../src/task/index.ts";

describe("markup", () => {
  it("has no character of a text that could end an element or an attribute", () => {
    expect(escapeMarkup(`a<b> & "c" 'd'`)).toBe("a&#60;b&#62; &#38; &#34;c&#34; &#39;d&#39;");
  });

  it("has JSON that stays the same JSON and cannot end its script", () => {
    const value = { text: "</script><!-- & \u2028\u202e", list: [1, "<"] };
    const json = scriptJson(value);
    expect(json).not.toMatch(/[<>&\u2028\u202e]/);
    expect(JSON.parse(json)).toEqual(value);
  });
});
