import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Children } from "./children.ts";
import { Refused } from "./command-line.ts";
import { coversLock } from "./locks.ts";

/** One of the two that are compared: compiled, in a folder that no other program touches. */
export interface Side {
  readonly label: "this" | "other";
  readonly commit: string;
  /** How many files differ from that commit. */
  readonly changed: number;
  readonly folder: string;
}

/** What both sides are made from. */
export interface Clone {
  readonly root: string;
  /** Both sides come to lie in here. */
  readonly workspace: string;
  readonly children: Children;
}

/** The full hash of a revision. Throws `Refused` if there is none, or no clone. */
export async function resolveRevision({ root, children }: Clone, revision: string) {
  await children
    .run("git", ["git", "rev-parse", "--git-dir"], { cwd: root })
    .catch(refuseAs(`${root} is no git clone, so it holds no other revision`));
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const { stdout } = await children
    .run("git", ["git", ...words], { cwd: root })
    .catch(refuseAs(`no commit is called ${JSON.stringify(revision)}`));
  return stdout.trim();
}

function refuseAs(message: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Refused) throw new Refused(message, { cause: error });
    throw error;
  };
}

/** Copies what was compiled here, so that the working tree may change while it is measured. */
export async function prepareThis({ root, workspace, children }: Clone): Promise<Side> {
  const folder = join(workspace, "this");
  mkdirSync(join(folder, "bench"), { recursive: true });
  for (const name of ["dist-bench", "package.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  share(root, folder);
  if (!existsSync(join(root, "bench", "node_modules")))
    await install(children, join(root, "bench"));
  share(join(root, "bench"), join(folder, "bench"));
  const head = await children.run("git", ["git", "rev-parse", "HEAD"], { cwd: root });
  const status = await children.run("git", ["git", "status", "--porcelain"], { cwd: root });
  const changed = status.stdout.split("\n").filter((line) => line !== "").length;
  return { label: "this", commit: head.stdout.trim(), changed, folder };
}

/** Writes the files of a commit into a folder of their own, and compiles them there. */
export async function prepareOther(clone: Clone, commit: string): Promise<Side> {
  const { root, workspace, children } = clone;
  const folder = join(workspace, "other");
  mkdirSync(folder);
  // An index of its own: neither the clone's index nor its list of worktrees notices.
  const place = { cwd: root, env: { GIT_INDEX_FILE: join(workspace, "index") } };
  await children.run("git", ["git", "read-tree", commit], place);
  const words = ["checkout-index", "--all", `--prefix=${folder}/`] as const;
  await children.run("git", ["git", ...words], place);
  await provide(children, root, folder);
  await provide(children, join(root, "bench"), join(folder, "bench"));
  const name = commit.slice(0, 7);
  await children.run(`building ${name}`, ["npm", "run", "--silent", "build:bench"], {
    cwd: folder,
  });
  return { label: "other", commit, changed: 0, folder };
}

/** Gives a folder its packages: those of ours where they are the same, or else its own. */
async function provide(children: Children, ours: string, theirs: string): Promise<void> {
  const [lockHere, lockThere] = [ours, theirs].map((folder) => join(folder, "package-lock.json"));
  if (lockHere === undefined || lockThere === undefined || !existsSync(lockThere)) return;
  const isSame = coversLock(readFileSync(lockHere, "utf8"), readFileSync(lockThere, "utf8"));
  if (isSame && existsSync(join(ours, "node_modules"))) share(ours, theirs);
  else await install(children, theirs);
}

/** Without scripts: that revision would otherwise be built for publishing, too. */
async function install(children: Children, folder: string): Promise<void> {
  const words = ["ci", "--silent", "--ignore-scripts"] as const;
  await children.run(`npm ci in ${folder}`, ["npm", ...words], { cwd: folder });
}

function share(from: string, to: string): void {
  symlinkSync(realpathSync(join(from, "node_modules")), join(to, "node_modules"), "junction");
}
