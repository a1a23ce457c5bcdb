import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { openOrdersQuery } from "@/api/queries";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";
import { ORDER_TEXTS } from "@/texts/states";

import css from "./work.module.css";

/** The contact's orders that are not over; nothing where there are none. */
export function OpenOrders({ contact }: { contact: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const orders = useQuery(openOrdersQuery(contact));
  if (!orders.isError && !orders.data?.items.length) return null;
  return (
    <Section title={<Trans>Open orders</Trans>} icon="order" count={orders.data?.items.length}>
      <Trouble error={orders.error} />
      <ul className={css.rows}>
        {orders.data?.items.map((order) => (
          <li key={order.id} className={css.row}>
            <b data-figures>{order.number ?? <Trans>no number yet</Trans>}</b>
            <span className={css.about}>{i18n._(ORDER_TEXTS[order.state])}</span>
            {order.gross !== null && <b data-figures>{formats.money(order.gross)}</b>}
            <time dateTime={order.placed_at ?? order.created_at}>
              {formats.date(order.placed_at ?? order.created_at)}
            </time>
          </li>
        ))}
      </ul>
    </Section>
  );
}
