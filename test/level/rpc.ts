import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LatchworkOptions } from "../../src/level/index.ts";

const SCRIPT = fileURLToPath(new URL("./rpc-child.mjs", import.meta.url));

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  readonly acknowledged?: number;
}

export interface Filled {
  readonly kept: readonly number[];
  readonly codes: readonly string[];
}

/** Runs a command as process 1 of a numbering of its own, as a container does. */
const CONTAINER: readonly string[] = ["unshare", "--pid", "--fork", "--mount-proc"];
/** Only root may make one, and not everywhere. */
export const CAN_CONTAIN: boolean =
  spawnSync("unshare", [...CONTAINER.slice(1), "true"]).status === 0;

/** Starts a script that talks over IPC, in a container if that is asked for. */
function start(args: readonly string[], isContained: boolean, user?: number): ChildProcess {
  const [script = "", ...others] = args;
  if (!isContained) return fork(script, others, user === undefined ? {} : { uid: user, gid: user });
  const [command = "", ...before] = CONTAINER;
  return spawn(command, [...before, process.execPath, ...args], {
    stdio: ["ignore", "inherit", "ignore", "ipc"],
  });
}

/** A database in a process of its own, which can be stopped, killed, and kept from growing files. */
export class RemoteDatabase {
  /** What `writeForEver` has been told is durable, in order. */
  readonly acknowledged: number[] = [];
  readonly #child: ChildProcess;
  readonly #isContained: boolean;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #requests = 0;

  /**
   * @param user Who the process is to be, if not who we are.
   * @param isContained Whether it is to be in a container, to which pids of others mean nothing.
   */
  constructor(user?: number, isContained: boolean = false) {
    this.#isContained = isContained;
    this.#child = start([SCRIPT], isContained, user);
    this.#child.on("message", (reply: Reply) => {
      if (reply.acknowledged !== undefined) this.acknowledged.push(reply.acknowledged);
      if (reply.id === undefined) return;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
  }

  /** As we know it; in a container, it is 1 to itself. */
  get pid(): number {
    const { pid = 0 } = this.#child;
    if (!this.#isContained) return pid;
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim());
  }

  open(directory: string, options: LatchworkOptions = {}): Promise<void> {
    return this.call("open", directory, options);
  }

  /** Opens, and gives `CODE: message` if that is refused. */
  async refusal(directory: string, options: LatchworkOptions = {}): Promise<string> {
    const { error } = await this.#ask("open", [directory, options]);
    return error === undefined ? "not refused" : `${error.code}: ${error.message}`;
  }

  /** Calls a method of the database, or one of those of rpc-child.mjs. */
  async call<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    const { error, result } = await this.#ask(method, args);
    if (error !== undefined) throw new Error(`${error.name} ${error.code}: ${error.message}`);
    return result as T;
  }

  /** As {@link call}, for what never ends. */
  start(method: string, ...args: readonly unknown[]): void {
    void this.#ask(method, args);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.pid, name);
  }

  /** Waits until so many more writes are acknowledged by `writeForEver`. */
  async progress(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    while (this.acknowledged.length < goal) {
      await new Promise((resolve) => this.#child.once("message", resolve));
    }
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    this.signal("SIGKILL");
    await gone;
  }

  #ask(method: string, args: readonly unknown[]): Promise<Reply> {
    const id = this.#requests++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ id, method, args });
    });
  }
}
