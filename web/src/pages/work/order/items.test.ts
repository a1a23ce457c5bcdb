import { expect, it } from "vitest";

import type { Order } from "@/orders/orderKeeper";
import type { Product } from "@/orders/orders";

import { itemsOf, nameOf } from "./items";

const line = (product: number, quantity: string, net: string) => ({
  product,
  promotion: null,
  quantity,
  net,
  net_price: "1",
  discount: "0",
  code: `P${String(product)}`,
  unit: "tk",
  name_et: `Toode ${String(product)}`,
});

const ORDER = {
  draft_lines: [
    { product: 1, quantity: "2" },
    { product: 2, quantity: "1" },
    { product: 1, quantity: "5" },
  ],
  lines: [line(1, "2", "2.00"), line(1, "5", "5.00")], // the second product has no VAT rate, and so no price
  problems: [
    { where: "draft_lines.1", what: "no rate", code: "order.line_without_vat", params: { product_code: "P2" } },
  ],
} as unknown as Order;

it("gives each line the price that the service told for it", () => {
  const items = itemsOf(ORDER.draft_lines, ORDER, new Map());
  expect(items.map((one) => [one.code, one.net, one.problem?.code])).toEqual([
    ["P1", "2.00", undefined],
    ["P2", null, "order.line_without_vat"],
    ["P1", "5.00", undefined],
  ]);
});

it("shows no old sum and no old problem for what was typed since", () => {
  const items = itemsOf(
    [
      { product: 1, quantity: "3" },
      { product: 2, quantity: "7" },
    ],
    ORDER,
    new Map(),
  );
  expect(items.map((one) => [one.net, one.problem])).toEqual([
    [null, null],
    [null, null],
  ]);
});

it("knows a product that was found before the service has told its line", () => {
  const found = { id: 9, code: "KB-100", name_ru: "Кабель", unit: "m", net_price: "8.0565" } as unknown as Product;
  const [item] = itemsOf([{ product: 9, quantity: "1,5" }], null, new Map([[9, found]]));
  expect([item?.code, item?.unit, item?.price, item?.net]).toEqual(["KB-100", "m", "8.0565", null]);
  expect(nameOf(found, "et")).toBe("Кабель");
});
