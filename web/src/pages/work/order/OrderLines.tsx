import { useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";
import type { Order } from "@/orders/orderKeeper";

import { nameOf } from "./items";
import css from "./order.module.css";
import { Totals } from "./Totals";

/** What was ordered, what promotions took off, what it costs, and where it goes. */
export function OrderLines({ order }: { order: Order }) {
  const language = useLanguage();
  const formats = useFormats();
  return (
    <>
      <ul className={css.items}>
        {order.lines.map((line) => (
          <li key={line.position} className={css.promotion}>
            <span>
              {line.promotion === null && `${formats.number(Number(line.quantity))} × `}
              {nameOf(line, language)}
            </span>
            <b data-figures>{formats.money(line.net)}</b>
          </li>
        ))}
      </ul>
      <Totals order={order} />
      {order.address && <p className={css.quiet}>{order.address}</p>}
      {order.wished_at && <p className={css.quiet}>{formats.moment(order.wished_at, 0)}</p>}
      {order.comment && <p className={css.quiet}>{order.comment}</p>}
    </>
  );
}
