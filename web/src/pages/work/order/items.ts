import type { components } from "@/api/contract";
import type { Line, Order } from "@/orders/orderKeeper";
import type { Product } from "@/orders/orders";

type Schemas = components["schemas"];
export type Problem = Schemas["FieldProblem"];

interface Names {
  name_et?: string;
  name_ru?: string;
  name_en?: string;
  code?: string;
}

/** A line of a draft with what is known of it. */
export interface Item {
  product: number;
  /** As typed. */
  quantity: string;
  names: Names | null;
  code: string;
  unit: string;
  /** The price of one without VAT, and the line's sum; null: not told yet. */
  price: string | null;
  net: string | null;
  /** In percent; "0": none. */
  discount: string;
  /** Why it cannot be had now; null: it can. */
  problem: Problem | null;
}

/**
 * The lines that are typed, each with the price that the service has told for its product.
 *
 * @param known products that were found while typing, for lines that the service has not told yet.
 */
export function itemsOf(lines: readonly Line[], order: Order | null, known: ReadonlyMap<number, Product>): Item[] {
  const told = [...(order?.lines ?? [])];
  return lines.map(({ product, quantity }, place) => {
    const at = told.findIndex((line) => line.product === product);
    const line = at < 0 ? undefined : told.splice(at, 1)[0];
    const found = known.get(product);
    const problem = problemOf(order, lines, place);
    return {
      product,
      quantity,
      names: line ?? found ?? null,
      code: line?.code ?? found?.code ?? String(problem?.params?.product_code ?? ""),
      unit: line?.unit ?? found?.unit ?? "",
      price: line?.net_price ?? found?.net_price ?? null,
      net: line && Number(line.quantity) === Number(quantity.replace(",", ".")) ? line.net : null,
      discount: line?.discount ?? "0",
      problem,
    };
  });
}

/** What the service told about the line, as long as the line is the one that it was told about. */
function problemOf(order: Order | null, lines: readonly Line[], place: number): Problem | null {
  const line = lines[place];
  const told = order?.draft_lines.findIndex(
    (one) => one.product === line?.product && Number(one.quantity) === Number(line.quantity.replace(",", ".")),
  );
  if (told === undefined || told < 0) return null;
  return order?.problems.find((one) => one.where === `draft_lines.${String(told)}`) ?? null;
}

/** A product's or a promotion's name in the reader's language; in another where it lacks that. */
export function nameOf(names: Names, language: string): string {
  const own = { et: names.name_et, ru: names.name_ru, en: names.name_en }[language];
  return own || names.name_et || names.name_en || names.name_ru || names.code || "";
}
