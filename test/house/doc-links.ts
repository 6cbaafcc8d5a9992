import { posix } from "node:path";
import { type Finding, type SourceFile, lineAt } from "./source-tree.ts";

interface Link {
  readonly target: string;
  readonly line: number;
}

const LINK_FORMS = [
  /\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g,
  /^\[[^\]]+\]:\s*(\S+)/gm,
  /\b(?:href|src)="([^"]+)"/g,
] as const;

/** Finds links in README.md and docs/ that lead nowhere, and files in docs/ nobody links to. */
export function checkDocLinks(files: readonly SourceFile[]): Finding[] {
  const pages = files.filter(({ path }) => /^(?:README\.md|docs\/.*\.md)$/.test(path));
  return [...pages.flatMap((page) => deadLinks(page, files)), ...deadDocs(pages, files)];
}

/** Lists a page's links into the project, outside code. */
export function linksOf(text: string): Link[] {
  const prose = blankCode(text);
  return LINK_FORMS.flatMap((form) =>
    [...prose.matchAll(form)].map((match) => ({
      target: match[1] ?? "",
      line: lineAt(prose, match.index),
    })),
  ).filter(({ target }) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
}

function deadLinks(page: SourceFile, files: readonly SourceFile[]): Finding[] {
  return linksOf(page.text).flatMap(({ target, line }) => {
    const { path, anchor } = resolve(page.path, target);
    if (!exists(path, files)) {
      return [{ file: page.path, line, rule: `links to ${target}, which does not exist` }];
    }
    const text = files.find((file) => file.path === path)?.text ?? "";
    if (anchor === "" || !path.endsWith(".md") || anchorsOf(text).has(anchor)) return [];
    return [{ file: page.path, line, rule: `links to ${target}, a heading that does not exist` }];
  });
}

/** A young project without a README has no door to its docs yet, so nothing is dead there. */
function deadDocs(pages: readonly SourceFile[], files: readonly SourceFile[]): Finding[] {
  if (!pages.some(({ path }) => path === "README.md")) return [];
  const linked = new Set(
    pages.flatMap((page) =>
      linksOf(page.text)
        .map(({ target }) => resolve(page.path, target).path)
        .filter((path) => path !== page.path),
    ),
  );
  return files
    .filter(({ path }) => path.startsWith("docs/") && !linked.has(path))
    .map(({ path }) => ({ file: path, line: 1, rule: "is linked from no page" }));
}

function resolve(from: string, target: string): { path: string; anchor: string } {
  const [path = "", anchor = ""] = target.split("#", 2);
  const whole = path === "" ? from : posix.join(posix.dirname(from), decodeURI(path));
  return { path: whole.replace(/\/$/, ""), anchor };
}

function exists(path: string, files: readonly SourceFile[]): boolean {
  return path === "." || files.some((f) => f.path === path || f.path.startsWith(`${path}/`));
}

/** Derives headings' anchors as GitHub does: lower case, no punctuation, hyphens, numbered twins. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const match of blankCode(markdown, { inline: false }).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = slugOf(match[1] ?? "");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** Blanks fenced code, and inline code unless told not to, keeping offsets and lines. */
function blankCode(text: string, { inline }: { inline: boolean } = { inline: true }): string {
  const unfenced = text.replaceAll(/^( {0,3})(`{3,}|~{3,})[\s\S]*?^\s*\2.*$/gm, blank);
  return inline ? unfenced.replaceAll(/`[^`\n]+`/g, blank) : unfenced;
}

function blank(found: string): string {
  return found.replaceAll(/[^\n]/g, " ");
}
