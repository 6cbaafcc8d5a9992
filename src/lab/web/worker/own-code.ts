import type { Protocol } from "../../../btree/index.ts";
import { protocolsExported } from "../../../hunt/index.ts";
import * as door from "../../../index.ts";
import { shownError } from "../../../sim/index.ts";
import { BadModule, readModule } from "../../index.ts";
import { lineOfFault, OWN_NAME } from "./fault-text.ts";
import type { WorkerScope } from "./worker-scope.ts";

/** Where the module that stands for the package finds it. */
const DOOR_NAME = "latchworkDoor";
const SCRIPT = { type: "text/javascript" };
const TYPED = "; this looks like TypeScript, and a browser reads JavaScript only";

/**
 * Runs the code that a reader has pasted, here and now, and gives its protocols. Requires: this
 * worker was made inside a frame without an origin.
 *
 * @throws BadModule with the line, where it is known; LatchworkError for what is no protocol.
 */
export async function runOwnCode(code: string, scope: WorkerScope): Promise<readonly Protocol[]> {
  const names = Object.keys(door);
  const module = readModule(code, new Set(names));
  const wrong = await syntaxFault(module.syntax, scope);
  if (wrong !== null) {
    throw new BadModule(`${wrong.message}${module.looksTyped ? TYPED : ""}`, wrong.line);
  }
  Reflect.set(scope, DOOR_NAME, door);
  const lines = names.map((name) => `export const ${name} = self.${DOOR_NAME}.${name};`);
  const address = addressOf(lines.join("\n"));
  const own = addressOf(`${module.linkedTo(address)}\n//# sourceURL=${OWN_NAME}`);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(/* @vite-ignore */ own);
  } catch (error) {
    throw new BadModule(shownError(error), lineOfFault(error));
  }
  return protocolsExported(exported);
}

function addressOf(text: string): string {
  return URL.createObjectURL(new Blob([text], SCRIPT));
}

interface SyntaxFault {
  readonly message: string;
  readonly line: number;
}

/** What a compiler says of a script that defines a function and calls nothing; null if nothing. */
async function syntaxFault(script: string, scope: WorkerScope): Promise<SyntaxFault | null> {
  return await new Promise((resolve) => {
    // An error of import() does not say where it is; one that nobody catches does.
    const hear = (event: ErrorEvent): void => {
      event.preventDefault();
      resolve({ message: event.message.replace(/^Uncaught /, ""), line: event.lineno });
    };
    scope.addEventListener("error", hear, { once: true });
    // oxlint-disable-next-line typescript/no-implied-eval -- to compile it is what is wanted
    setTimeout(script);
    setTimeout(() => {
      scope.removeEventListener("error", hear);
      resolve(null);
    });
  });
}
