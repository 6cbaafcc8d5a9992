import { Script } from "node:vm";
import { describe, expect, it } from "vitest";
import * as door from "../../../src/index.ts";
import { protocolsExported } from "../../../src/hunt/index.ts";
import { BadModule, readModule } from "../../../src/lab/index.ts";

const EXPORTED = new Set(Object.keys(door));

const MINE = `import { Crabbing, rightOf } from "latchwork";
// import { nothing } from "nowhere";
const text = 'import x from "y"';
const pattern = /import "z"[/"]/.test(text) ? 4 / 2 : \`import "w" \${text}\`;
export class Mine extends Crabbing {
  name = "mine";
  *stepRight(op, leaf) {
    const id = rightOf(leaf);
    leaf.release();
    const next = op.shared(id, "right sibling");
    if (next.pending) yield next;
    return next;
  }
}
export { pattern as somePattern };
export default class extends Crabbing { name = "other" }
`;

/** Runs a module in this process, linked to a copy of the door's names. */
async function moduleOf(text: string): Promise<Record<string, unknown>> {
  Reflect.set(globalThis, "doorOfTest", door);
  const names = [...EXPORTED].map((name) => `export const ${name} = doorOfTest.${name};`);
  const address = addressOf(names.join("\n"));
  const module: Promise<Record<string, unknown>> = import(
    addressOf(readModule(text, EXPORTED).linkedTo(address))
  );
  return await module;
}

function addressOf(text: string): string {
  return `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
}

function refusal(text: string): BadModule {
  try {
    readModule(text, EXPORTED);
  } catch (error) {
    if (error instanceof BadModule) return error;
    throw error;
  }
  return new BadModule("was not refused", null);
}

describe("a module of one's own", () => {
  it("is linked to the package, whose protocols it extends", async () => {
    const module = await moduleOf(MINE);
    const protocols = protocolsExported(module);
    expect(protocols.map(({ name }) => name).toSorted()).toEqual(["mine", "other"]);
    expect(protocols.every((one) => one instanceof door.Crabbing)).toBe(true);
  });

  it("keeps every line where it is", () => {
    const linked = readModule(MINE, EXPORTED).linkedTo("blob:x").split("\n");
    expect(linked[0]).toBe('import { Crabbing, rightOf } from "blob:x";');
    expect(linked.slice(1)).toEqual(MINE.split("\n").slice(1));
  });

  it.each([
    [1, MINE.replace("extends Crabbing {", "extends Crabbing ((")],
    [6, MINE.replace("*stepRight(op, leaf) {", "*stepRight(op leaf) {")],
  ])("has its syntax looked at without being run, case %#", (_, wrong) => {
    expect(() => new Script(readModule(MINE, EXPORTED).syntax)).not.toThrow();
    expect(() => new Script(readModule(wrong, EXPORTED).syntax)).toThrow(SyntaxError);
  });

  it("has its syntax errors on their lines", () => {
    const wrong = MINE.replace("*stepRight(op, leaf) {", "*stepRight(op leaf) {");
    const line = wrong.split("\n").findIndex((one) => one.includes("(op leaf)")) + 1;
    let stack = "";
    try {
      // oxlint-disable-next-line no-new -- it is only compiled
      new Script(readModule(wrong, EXPORTED).syntax, { filename: "mine.js" });
    } catch (error) {
      stack = error instanceof Error ? (error.stack ?? "") : "";
    }
    expect(stack).toContain(`mine.js:${line}\n`);
  });

  it.each([
    ['import { Crabbing } from "latchwork";\n\nimport fs from "node:fs";', 3, "node:fs"],
    ['import "./other.js";', 1, "./other.js"],
    ['export * from "latchwork/hunt";', 1, "latchwork/hunt"],
    ['\nconst x = await import("latchwork");', 2, "import(...)"],
    ['import {\n  Crabbing,\n  NoSuchThing as Y,\n} from "latchwork";', 1, "NoSuchThing"],
  ])("is refused for what it imports: %j", (text, line, named) => {
    expect(refusal(text).line).toBe(line);
    expect(refusal(text).message).toMatch(new RegExp(`^line ${line}: [^\\n]+$`));
    expect(refusal(text).message).toContain(named);
  });

  it("is seen to be TypeScript", () => {
    const typed =
      'import { Crabbing } from "latchwork";\nclass A extends Crabbing { override name }';
    expect(readModule(typed, EXPORTED).looksTyped).toBe(true);
    expect(readModule(MINE, EXPORTED).looksTyped).toBe(false);
  });
});
