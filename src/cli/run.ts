import { Command, Option } from "commander";
import { refuseRepeats, wholeNumber } from "./arguments.ts";
import { BadInput, exitCodeOf, EXIT_CODES_HELP, report } from "./exit.ts";
import { askWidth, foldedText, textWidth, WIDTH_LEAST } from "./layout.ts";
import { keepOutput, print } from "./output.ts";
import { version } from "./version.ts";

const WIDTH_MOST = 10_000;

/** A verb: the heading under which help lists it, and how it is added. */
interface Verb {
  readonly group: string;
  readonly load: () => Promise<(program: Command) => void>;
}

const [HUNT, CHECK, DATABASE] = ["Find races:", "Check histories:", "Look after a database:"];
const [SERVER, LAB] = ["Serve a database:", "See for yourself:"];

/** Verbs, in the order of the help. Rooms take their time to load. */
const VERBS: ReadonlyMap<string, Verb> = new Map([
  ["hunt", { group: HUNT, load: async () => (await import("./hunt.ts")).addHunt }],
  ["prove", { group: HUNT, load: async () => (await import("./prove.ts")).addProve }],
  ["replay", { group: HUNT, load: async () => (await import("./replay.ts")).addReplay }],
  ["bugs", { group: HUNT, load: async () => (await import("./bugs.ts")).addBugs }],
  ["protocols", { group: HUNT, load: async () => (await import("./protocols.ts")).addProtocols }],
  ["tour", { group: HUNT, load: async () => (await import("./tour.ts")).addTour }],
  ["lab", { group: LAB, load: async () => (await import("./lab/index.ts")).addLab }],
  ["check", { group: CHECK, load: async () => (await import("./check/index.ts")).addCheck }],
  ["tables", { group: DATABASE, load: async () => (await import("./tables.ts")).addTables }],
  ["inspect", { group: DATABASE, load: async () => (await import("./inspect.ts")).addInspect }],
  ["verify", { group: DATABASE, load: async () => (await import("./verify.ts")).addVerify }],
  ["recover", { group: DATABASE, load: async () => (await import("./recover.ts")).addRecover }],
  [
    "repartition",
    { group: DATABASE, load: async () => (await import("./repartition.ts")).addRepartition },
  ],
  ["serve", { group: SERVER, load: async () => (await import("./serve.ts")).addServe }],
  ["stress", { group: SERVER, load: async () => (await import("./stress.ts")).addStress }],
]);

const DESCRIPTION =
  "A B+ tree with exchangeable latch protocols, a simulator that finds its races and yours, a " +
  "crash-safe database, and a linearizability checker. The command hunts races in the tree, " +
  "checks histories, and looks after databases; programs use all four as a library.";

/** An option of every verb, and of the help: it counts as soon as it is read. */
function widthOption(): Option {
  const option = new Option("--width <columns>", "print within so many columns");
  const read = wholeNumber(WIDTH_LEAST, WIDTH_MOST);
  return option.argParser((text) => {
    const columns = read(text);
    askWidth(columns);
    return columns;
  });
}

/** Adds the verb that is asked for; all of them for help, and where none is. */
async function commandLine(verb: string | undefined): Promise<Command> {
  const program = new Command("latchwork")
    .description(DESCRIPTION)
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .commandsGroup("Read this:")
    .helpCommand("help [verb]", "print the help of a verb")
    .configureOutput({
      writeOut: (text) => print(foldedText(text, textWidth())),
      writeErr: () => undefined,
      getOutHelpWidth: textWidth,
    })
    .hook("preAction", (_, command) => {
      if (command.opts<{ readonly json?: boolean }>().json === true) keepOutput();
    })
    .addOption(widthOption())
    .addHelpText("after", EXIT_CODES_HELP)
    .exitOverride();
  const asked = VERBS.get(verb ?? "");
  for (const { group, load } of asked === undefined ? VERBS.values() : [asked]) {
    (await load())(program.commandsGroup(group));
  }
  for (const command of program.commands) command.addOption(widthOption());
  for (const command of [program, ...program.commands]) refuseRepeats(command);
  return program;
}

/**
 * The words to read: `help hunt` is `hunt --help`, and where no verb is given all help is printed.
 * With an unknown verb nothing else counts, or its `--help` would be taken for ours.
 *
 * @throws BadInput if help is asked for several verbs.
 */
function wordsOf(words: readonly string[]): readonly string[] {
  const [verb, ...rest] = words;
  if (verb === undefined) return ["--help"];
  if (verb !== "help") return verb.startsWith("-") || VERBS.has(verb) ? words : [verb];
  const [asked, ...more] = rest.filter((word, i) => !isOfOption(word, rest[i - 1]));
  const options = rest.filter((word, i) => isOfOption(word, rest[i - 1]));
  if (more.length > 0) throw new BadInput(`help is of one verb: latchwork help ${asked}`);
  if (asked === undefined || asked === "help") return ["--help", ...options];
  return VERBS.has(asked) ? [asked, "--help", ...options] : [asked];
}

function isOfOption(word: string, before: string | undefined): boolean {
  return word.startsWith("-") || before === "--width";
}

/**
 * Does what the words of a command line ask for, and leaves the exit code in `process.exitCode`.
 * Never rejects: what goes wrong is reported on standard error.
 */
export async function runCommand(given: readonly string[]): Promise<void> {
  askWidth(null);
  try {
    const words = wordsOf(given);
    await (await commandLine(words[0])).parseAsync(words, { from: "user" });
  } catch (error) {
    report(error);
    process.exitCode = exitCodeOf(error);
  }
}
