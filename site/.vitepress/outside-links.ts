import { posix } from "node:path";

/** What this needs of a token of markdown-it. */
interface Token {
  type: string;
  tag: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrs: [string, string][] | null;
}

/**
 * Makes plain text of links that lead out of the docs, to source files: these are no pages of the
 * site. What they lead to is checked where they are of use, by the tests of the project.
 *
 * @param page The page's path below docs/.
 */
export function unlinkOutside(tokens: readonly Token[], page: string): void {
  for (const { children } of tokens) {
    let isOutside = false;
    for (const token of children ?? []) {
      if (token.type === "link_open") {
        const path = outsidePath(page, token.attrGet("href") ?? "");
        isOutside = path !== null;
        if (path === null) continue;
        token.attrs = [
          ["class", "outside"],
          ["title", `${path} in the source`],
        ];
      } else if (token.type !== "link_close" || !isOutside) continue;
      token.type = token.type.replace("link", "outside");
      token.tag = "span";
      if (token.type === "outside_close") isOutside = false;
    }
  }
}

/** The path in the project that a link leads to, if that is out of the docs. */
function outsidePath(page: string, href: string): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|#)/i.test(href)) return null;
  const [path = ""] = href.split("#");
  const whole = posix.join("docs", posix.dirname(page), path);
  return whole.startsWith("docs/") ? null : whole;
}
