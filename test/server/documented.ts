import { openApiDocument } from "../../src/server/openapi.ts";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}

/** What answers of any path, which no list of paths can have. */
const ANYWHERE: ReadonlySet<number> = new Set([404, 405, 417]);

/** Whether the OpenAPI document says that a request may be answered with a status. */
export function isDocumented(asked: string, status: number): boolean {
  const [method = "", url = ""] = asked.split(" ");
  const { paths } = openApiDocument() as Document;
  const [path = ""] = url.split("?");
  const template = Object.keys(paths).find((one) => fits(one, path));
  const operation = template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
  if (operation === undefined) return ANYWHERE.has(status) || status === 400 || status === 401;
  return status in operation.responses;
}

function fits(template: string, path: string): boolean {
  const pattern = template.replace("{table}", "[^/]+").replace("{key}", ".*");
  return new RegExp(`^${pattern}$`).test(path);
}
