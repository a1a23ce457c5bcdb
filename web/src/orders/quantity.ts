const QUANTITY = /^\d{1,6}(?:[.,]\d{1,3})?$/;
const MOST = 100_000;

/** Whether what is typed is a quantity that an order takes: above 0, at most 100,000, three decimal places. */
export function isQuantity(typed: string): boolean {
  const value = Number(plainQuantity(typed));
  return QUANTITY.test(typed.trim()) && value > 0 && value <= MOST;
}

/** A quantity as the service takes it, from one as people write it: `1,5` is `1.5`. */
export function plainQuantity(typed: string): string {
  return typed.trim().replace(",", ".");
}
