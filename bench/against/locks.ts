interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

interface LockFile {
  readonly packages?: Readonly<Record<string, Locked>>;
}

/**
 * Whether an installation by the lock file `ours` holds each package that `theirs` asks for, byte by
 * byte the same; it may hold more. Both are texts of a package-lock.json.
 */
export function coversLock(ours: string, theirs: string): boolean {
  const here = packagesOf(ours);
  return Object.entries(packagesOf(theirs)).every(([path, wanted]) => {
    // The project itself: its own packages are entries like all others.
    if (path === "") return true;
    // A folder of that revision, whose contents are unknown here.
    if (wanted.link === true || wanted.integrity === undefined) return false;
    const found = here[path];
    return found?.version === wanted.version && found?.integrity === wanted.integrity;
  });
}

function packagesOf(text: string): Readonly<Record<string, Locked>> {
  return (JSON.parse(text) as LockFile).packages ?? {};
}
