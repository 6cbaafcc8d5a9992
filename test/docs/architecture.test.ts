import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MAY_IMPORT, type Room, ROOMS } from "../house/import-direction.ts";

const page = readFileSync(new URL("../../docs/architecture.md", import.meta.url), "utf8");
const source = new URL("../../src/", import.meta.url);

/** A room in bold letters and what it does; other bold words are followed by a full stop. */
const INTRODUCED = /\*\*([a-z/]+)\*\*\s+[a-z]/g;

/** Every folder of the source, from the top: `hunt`, `hunt/bugs`. */
function folders(below: string = ""): string[] {
  const entries = readdirSync(new URL(below, source), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${below}${name}`, ...folders(`${below}${name}/`)]);
}

const rooms = ROOMS.filter((room) => folders().includes(room));

describe("docs/architecture.md", () => {
  it("introduces every folder of the source, and no other", () => {
    const introduced = [...page.matchAll(INTRODUCED)];
    expect(introduced.map(([, name = ""]) => name).toSorted()).toEqual(folders().toSorted());
  });

  it("draws every room once", () => {
    const [, picture = ""] = /^```\n([\s\S]*?)^```$/m.exec(page) ?? [];
    expect(picture.match(/[a-z]+/g)?.toSorted()).toEqual(rooms.toSorted());
  });

  it("says what each room may import", () => {
    const rows = [...page.matchAll(/^\| `([a-z]+)` \| (.*) \|$/gm)];
    const all = new Map(rows.map(([, room = "", cell = ""]) => [room, named(cell, rows)]));
    const right = new Map(
      rooms.map((room) => [room, MAY_IMPORT[room].filter((one) => rooms.includes(one))]),
    );
    expect(all).toEqual(right);
  });
});

/** The rooms that a cell names; `the same and` means those of the row before. */
function named(cell: string, rows: readonly RegExpMatchArray[]): Room[] {
  const own = [...cell.matchAll(/`([a-z]+)`/g)].map(([, name]) => name as Room);
  if (!cell.startsWith("the same")) return own;
  const at = rows.findIndex((row) => row[2] === cell);
  return [...named(rows[at - 1]?.[2] ?? "", rows), ...own];
}
