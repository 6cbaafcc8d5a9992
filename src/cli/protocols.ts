import type { Command } from "commander";
import { PROTOCOLS, type Protocol, TreeStore } from "../btree/index.ts";
import { EXIT_CODES_HELP } from "./exit.ts";
import { foldedText, table } from "./layout.ts";
import { print, printJson } from "./output.ts";

const EXAMPLES = `
Examples:
  latchwork protocols
  latchwork protocols --json
`;

/** Where each protocol comes from; docs/protocols.md says more. */
const SOURCES: ReadonlyMap<string, string> = new Map([
  ["tree-mutex", "the baseline: one mutex for the whole tree"],
  ["tree-mutex-durable", "what the project set out from: that mutex, held until it is durable"],
  ["tree-rw", "the baseline of most embedded stores: one reader-writer latch"],
  ["crabbing", "Bayer and Schkolnick 1977, first solution"],
  ["optimistic-crabbing", "Bayer and Schkolnick 1977, second solution"],
  ["crabbing-path-cache", "crabbing, from the leaf of the last key where that is right"],
  ["olc", "Leis and others 2016 and 2019: versions in place of latches"],
  ["sx-tree", "InnoDB since MySQL 5.7: the tree in S, SX or X beside the pages"],
  ["lanin-shasha", "Lanin and Shasha 1986: b-link that lets the child go before it ascends"],
  ["b-link", "Lehman and Yao 1981, with Lanin and Shasha's merges and PostgreSQL's marks"],
  ["foster", "Graefe, Kimura and Kuno 2012: a split latches one page, a writer adopts it later"],
]);

/** Adds the verb `protocols`. */
export function addProtocols(program: Command): void {
  program
    .command("protocols")
    .summary("list the latch protocols")
    .description("Lists the latch protocols: what a scan promises, the latch order, the source.")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES + EXIT_CODES_HELP)
    .action(protocols);
}

function protocols(flags: { readonly json?: boolean }): void {
  const rows = PROTOCOLS.map(describe);
  if (flags.json === true) {
    printJson({ protocols: rows });
    return;
  }
  const body = rows.map(({ name, scan, order, source }) => [name, scan, order, source]);
  print(table([["name", "scan", "latch order", "source"], ...body], { flexible: [2, 3] }));
  const scans = "atomic: all rows of a scan at one moment; per-key: each row at some moment of it.";
  print(`\n${foldedText(scans)}\n`);
}

function describe(protocol: Protocol): {
  readonly name: string;
  readonly scan: string;
  readonly order: string;
  readonly source: string;
} {
  const { name, scanPromise } = protocol;
  const order = protocol.latchOrder(new TreeStore()).name;
  return { name, scan: scanPromise, order, source: SOURCES.get(name) ?? "" };
}
