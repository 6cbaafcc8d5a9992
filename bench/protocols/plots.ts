import { importPeer } from "../peer.ts";
import { CORES_SHOWN, type Measured } from "./studies.ts";

/** A drawing: its file's name, and the text of the file. */
export interface Drawing {
  readonly name: string;
  readonly svg: string;
}

type Mark = unknown;
type Row = Readonly<Record<string, string | number>>;
type Options = Readonly<Record<string, unknown>>;

/** What is used of Observable Plot. */
interface PlotModule {
  plot(options: Options): SvgElement;
  line(rows: readonly Row[], options: Options): Mark;
  dot(rows: readonly Row[], options: Options): Mark;
  text(rows: readonly Row[], options: Options): Mark;
  frame(): Mark;
  ruleX(values: readonly number[]): Mark;
}

interface SvgElement {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

/** What is used of linkedom: a document for whoever draws without a browser. */
interface DomModule {
  parseHTML(html: string): { readonly document: unknown };
}

/** Told apart by their order in the list of protocols. */
const COLOURS = [
  "#7f7f7f",
  "#bcbd22",
  "#8c564b",
  "#1f77b4",
  "#17becf",
  "#d62728",
  "#2ca02c",
  "#ff7f0e",
  "#9467bd",
  "#e377c2",
  "#000000",
] as const;

const AS_MUTEX = "tree-mutex-durable";

/** Draws what docs/comparison.md shows. */
export class Plots {
  readonly #plot: PlotModule;
  readonly #document: unknown;
  readonly #protocols: readonly string[];

  private constructor(plot: PlotModule, document: unknown, protocols: readonly string[]) {
    this.#plot = plot;
    this.#document = document;
    this.#protocols = protocols;
  }

  static async load(protocols: readonly string[]): Promise<Plots> {
    const plot = (await importPeer("@observablehq/plot")) as PlotModule;
    const dom = (await importPeer("linkedom")) as DomModule;
    return new Plots(plot, dom.parseHTML("<html><body></body></html>").document, protocols);
  }

  drawAll(all: readonly Measured[]): Drawing[] {
    // Where nobody waits for the log, it is the tree-wide mutex over again.
    const rows = all.filter(({ cell }) => cell.protocol !== AS_MUTEX || cell.costs.syncNs !== null);
    const of = (study: string, also: (row: Measured) => boolean = () => true): Measured[] =>
      rows.filter((row) => row.study === study && also(row));
    return [
      this.#byCores(
        "cores-mixes",
        of("cores", ({ cell }) => cell.keys === "uniform"),
        ({ cell }) => cell.mix.name,
      ),
      this.#byCores(
        "cores-keys",
        of("cores", ({ cell }) => cell.mix.name === "50/50"),
        ({ cell }) => `50/50, ${cell.keys}`,
      ),
      this.#byCores("sync", of("sync"), ({ cell }) => cell.mix.name),
      this.#byCores("pool", of("pool"), ({ cell }) => cell.mix.name, "log"),
      this.#byPool(of("one-core", ({ cell }) => cell.costs.syncNs === null)),
      this.#byVariant(of("costs", ({ cell }) => cell.mix.name === "50/50")),
    ];
  }

  #byCores(
    name: string,
    measured: readonly Measured[],
    facetOf: (row: Measured) => string,
    scale: string = "linear",
  ): Drawing {
    const rows = measured.map((row) => ({
      facet: facetOf(row),
      protocol: row.cell.protocol,
      x: row.cell.cores,
      y: row.figures.operationsPerSecond / 1000,
    }));
    return this.#lines(name, rows, "cores", scale);
  }

  #byPool(measured: readonly Measured[]): Drawing {
    const rows = measured.map(({ cell, figures }) => ({
      facet: cell.mix.name,
      protocol: cell.protocol,
      x: cell.poolShare,
      y: figures.operationsPerSecond / 1000,
    }));
    return this.#lines("one-core", rows, "percent of the pages that the pool holds", "log");
  }

  /** Lines side by side, one for each protocol. */
  #lines(name: string, rows: readonly Row[], xLabel: string, scale: string): Drawing {
    const facets = [...new Set(rows.map(({ facet }) => facet))];
    const channels = { x: "x", y: "y", fx: "facet", stroke: "protocol" };
    return this.#draw(name, {
      width: 230 * facets.length + 210,
      height: 300,
      marginLeft: 50,
      marginRight: 190,
      fx: { domain: facets, label: null },
      x: { type: "point", domain: [...new Set(rows.map(({ x }) => x))], label: xLabel },
      y: {
        type: scale,
        zero: scale === "linear",
        grid: true,
        label: "thousand operations a second",
      },
      marks: [
        this.#plot.frame(),
        this.#plot.line(rows, channels),
        this.#plot.dot(rows, { ...channels, r: 2, fill: "protocol" }),
        ...this.#legend(rows, facets.at(-1)),
      ],
    });
  }

  #byVariant(measured: readonly Measured[]): Drawing {
    const rows = measured.flatMap(({ variant, cell, figures }) => {
      const base = measured.find((row) => {
        return row.variant === variant && row.cell.protocol === "crabbing";
      });
      if (base === undefined) return [];
      const x = figures.operationsPerSecond / base.figures.operationsPerSecond;
      return [{ facet: "", protocol: cell.protocol, x, y: variant }];
    });
    return this.#draw("costs", {
      width: 760,
      height: 320,
      marginLeft: 130,
      marginRight: 190,
      x: { type: "log", grid: true, label: `times crabbing, 50/50, ${CORES_SHOWN} cores` },
      y: { type: "point", domain: [...new Set(rows.map(({ y }) => y))], label: null },
      marks: [
        this.#plot.frame(),
        this.#plot.ruleX([1]),
        this.#plot.dot(rows, { x: "x", y: "y", stroke: "protocol", r: 4 }),
        ...this.#legend(rows, undefined),
      ],
    });
  }

  /** The protocols that are drawn, right of the last frame. */
  #legend(rows: readonly Row[], facet: string | number | undefined): Mark[] {
    const shown = this.#protocols.filter((name) => rows.some(({ protocol }) => protocol === name));
    return shown.flatMap((protocol, index) => {
      const row = [{ protocol, facet: facet ?? "" }];
      const place = { frameAnchor: "top-right", dy: 10 + 17 * index };
      const faceted = facet === undefined ? place : { ...place, fx: "facet" };
      return [
        this.#plot.dot(row, { ...faceted, dx: 14, stroke: "protocol", fill: "protocol", r: 3 }),
        this.#plot.text(row, {
          ...faceted,
          dx: 22,
          text: "protocol",
          textAnchor: "start",
          lineAnchor: "middle",
          fill: "black",
        }),
      ];
    });
  }

  #draw(name: string, options: Options): Drawing {
    const element = this.#plot.plot({
      document: this.#document,
      style: { background: "white", color: "black" },
      color: { type: "ordinal", domain: this.#protocols, range: COLOURS },
      ...options,
    });
    element.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    // Hundredths of a pixel are enough, and are the same wherever logarithms are computed.
    const svg = element.outerHTML.replaceAll(/-?\d+\.\d{3,}/g, (text) =>
      String(Math.round(Number(text) * 100) / 100),
    );
    return { name, svg: `${svg}\n` };
  }
}
