import { Trans } from "@lingui/react/macro";

import type { Order } from "@/orders/orderKeeper";
import { useFormats } from "@/texts/format";

import css from "./order.module.css";

/** What the order costs: without VAT, the VAT of each rate, and all of it. */
export function Totals({ order, stale = false }: { order: Order; stale?: boolean }) {
  const formats = useFormats();
  return (
    <dl className={css.totals} aria-busy={stale}>
      <div>
        <dt>
          <Trans>Without VAT</Trans>
        </dt>
        <dd>{formats.money(order.net ?? "0")}</dd>
      </div>
      {order.vat_rates.map((rate) => {
        const percent = formats.number(Number(rate.percent));
        return (
          <div key={`${rate.category} ${rate.percent}`}>
            <dt>
              <Trans>VAT {percent} %</Trans>
            </dt>
            <dd>{formats.money(rate.vat)}</dd>
          </div>
        );
      })}
      <div className={css.gross}>
        <dt>
          <Trans>To pay</Trans>
        </dt>
        <dd>{formats.money(order.gross ?? "0")}</dd>
      </div>
    </dl>
  );
}
