import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { isLoopback, type LatchworkServer, openServed, startServer } from "../server/index.ts";
import type { ReadDurability, TableOptions } from "../level/index.ts";
import { printable } from "../task/index.ts";
import { oneOf, wholeNumber } from "./arguments.ts";
import { BadInput, EXIT_CLEAN, EXIT_FOUND } from "./exit.ts";
import { FaultLog } from "./fault-log.ts";
import { reason } from "./files.ts";
import { counted, outliveOutput, print } from "./output.ts";
import { endProcess } from "./process-end.ts";

interface ServeFlags {
  readonly tables?: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly tokenFile?: string;
  readonly protocol?: string;
  readonly partitions?: number;
  readonly pageSize?: number;
  readonly commitPolicy?: string;
  readonly reads: ReadDurability;
  readonly batchWindow?: number;
  readonly pool?: number;
  readonly stopLimit: number;
  readonly json?: boolean;
}

const PORT_DEFAULT = 7340;
const PORT_MOST = 65_535;
const STOP_LIMIT_S = 10;
const STOP_LIMIT_MOST_S = 3600;
const POOL_MOST_MIB = 1024 * 1024;
const BYTES_A_MIB = 1024 * 1024;
const PARTITIONS_MOST = 256;
const WINDOW_MOST_MS = 1000;
const TOKEN_VARIABLE = "LATCHWORK_TOKEN";

const EXAMPLES = `
Examples:
  latchwork serve shop --tables orders,users,events
  latchwork serve shop --port 0 --json
  latchwork serve shop --host 0.0.0.0 --token-file token.txt

Exit codes:
  0    stopped by SIGTERM or Ctrl-C, and all that was taken on is answered
  1    stopped so, but some connections were cut off as their time was up, or
       the tables could not be closed
  2    bad input: no tables, in use, or the address cannot be listened at
  70   a bug in latchwork itself
  130  ended at once by a second Ctrl-C, 143 by a second SIGTERM
`;

/** Adds the verb `serve`. */
export function addServe(program: Command): void {
  const command = program
    .command("serve")
    .summary("serve the tables of a database over HTTP")
    .description(
      "Serves the tables of a database over HTTP until SIGTERM or Ctrl-C. Listens at 127.0.0.1, " +
        "where only this machine reaches it, unless told otherwise. docs/server.md has the routes.",
    )
    .argument("<directory>", "the database; it is made if there is none")
    .option("--tables <names>", "tables to serve, separated by commas; made if need be", names)
    .option("--port <number>", "port to listen at, 0 for any", port(), PORT_DEFAULT)
    .option("--host <address>", "address to listen at", "127.0.0.1")
    .option("--token-file <file>", "file with the token that requests must bring")
    .option("--pool <MiB>", "memory for pages of all tables", wholeNumber(1, POOL_MOST_MIB))
    .option("--stop-limit <seconds>", "how long a stop may take", seconds(), STOP_LIMIT_S)
    .option("--json", "print a line of JSON at the start and at the end, and nothing else")
    .addHelpText("after", EXAMPLES)
    .action(serve);
  addTableOptions(command);
}

/** Options of tables that are made now; those that there are stay as they were made. */
function addTableOptions(command: Command): void {
  command
    .optionsGroup("Of tables that are made now:")
    .option("--protocol <name>", "the latch protocol; latchwork protocols lists them")
    .option("--partitions <number>", "hash partitions", wholeNumber(1, PARTITIONS_MOST))
    .option("--page-size <bytes>", "a power of two from 512 to 32768", wholeNumber(1, 2 ** 16))
    .option("--commit-policy <policy>", "when writes are made durable together")
    .option(
      "--batch-window <ms>",
      "batch single writes, for so long",
      wholeNumber(0, WINDOW_MOST_MS),
    )
    .option("--reads <what>", "they see what is durable, or committed", readKind(), "durable")
    .optionsGroup("Options:");
}

function readKind(): (text: string) => ReadDurability {
  return oneOf<ReadDurability>(["durable", "committed"]);
}

function port(): (text: string) => number {
  return wholeNumber(0, PORT_MOST);
}

function seconds(): (text: string) => number {
  return wholeNumber(1, STOP_LIMIT_MOST_S);
}

function names(text: string): readonly string[] {
  return text.split(",");
}

async function serve(directory: string, flags: ServeFlags): Promise<void> {
  // A log that nobody reads any more is no reason to stop.
  outliveOutput();
  const token = tokenOf(flags);
  const { pool, tables = [] } = flags;
  const memory = pool === undefined ? {} : { poolBytes: pool * BYTES_A_MIB };
  const opened = await openServed(directory, tables, madeBy(flags), memory);
  let server: LatchworkServer;
  try {
    server = await startServer(opened.tables, {
      port: flags.port,
      host: flags.host,
      ...(token === null ? {} : { token }),
      onFault: new FaultLog().tell,
    });
  } catch (error) {
    await opened.close();
    throw error;
  }
  const stopped = firstSignal();
  tellStart(directory, [...opened.tables.keys()], server, flags);
  if (token === null && !isLoopback(server.address)) warnOpen(server);
  const signal = await stopped;
  const { cutOff } = await server.stop(flags.stopLimit * 1000);
  await opened.close();
  tellStop(signal, cutOff, flags);
  process.exitCode = cutOff === 0 ? EXIT_CLEAN : EXIT_FOUND;
}

/** How tables are made that there are not. */
function madeBy(flags: ServeFlags): TableOptions {
  const { batchWindow, commitPolicy, pageSize, partitions, protocol, reads } = flags;
  return {
    protocol,
    partitions,
    pageSize,
    commitPolicy,
    readDurability: reads,
    writeBatching: batchWindow === undefined ? undefined : { windowMs: batchWindow },
  };
}

/** The token from the file or the environment, or null. */
function tokenOf({ tokenFile }: ServeFlags): string | null {
  if (tokenFile === undefined) return process.env[TOKEN_VARIABLE] ?? null;
  try {
    return readFileSync(tokenFile, "utf8").trim();
  } catch (error) {
    throw new BadInput(`cannot read ${tokenFile}: ${reason(error)}`);
  }
}

/** The first signal that asks for an end; a second one ends the process at once. */
function firstSignal(): Promise<"SIGTERM" | "SIGINT"> {
  return new Promise((resolve) => {
    let isAsked = false;
    for (const [signal, code] of [
      ["SIGTERM", 143],
      ["SIGINT", 130],
    ] as const) {
      process.on(signal, () => {
        if (isAsked) endProcess(code);
        isAsked = true;
        resolve(signal);
      });
    }
  });
}

function tellStart(
  directory: string,
  tables: readonly string[],
  server: LatchworkServer,
  { json }: ServeFlags,
): void {
  const { address, port: at, url } = server;
  if (json === true) {
    const { pid } = process;
    print(`${JSON.stringify({ event: "start", pid, url, address, port: at, tables })}\n`);
  } else {
    print(`serving ${printable(directory)} at ${url}: ${printable(tables.join(", "))}\n`);
  }
}

function tellStop(signal: string, cutOff: number, { json }: ServeFlags): void {
  if (json === true) print(`${JSON.stringify({ event: "stop", signal, cutOff })}\n`);
  else print(`stopped by ${signal}: ${counted(cutOff, "connection")} cut off\n`);
}

function warnOpen({ url }: LatchworkServer): void {
  process.stderr.write(
    `latchwork: ${url} can be reached from other machines, and wants no token: --token-file\n`,
  );
}
