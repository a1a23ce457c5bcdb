import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { orderQuery } from "@/orders/orders";
import { OrderLines } from "@/pages/work/order/OrderLines";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { ORDER_TEXTS } from "@/texts/states";

import { Close } from "./Close";
import css from "./look.module.css";
import { LookLink } from "./LookLink";

/** An order: its number, how far it is, who ordered, what it costs. */
export function OrderLook({ id, close }: { id: number; close: () => void }) {
  const { i18n } = useLingui();
  const order = useQuery(orderQuery(id));
  const found = order.data;
  const number = found?.number ?? "";
  return (
    <Section title={<Trans>Order {number}</Trans>} icon="order" aside={<Close close={close} />}>
      <Trouble error={order.error} />
      {order.isPending && <Waiting lines={4} />}
      {found && (
        <div className={css.look}>
          <p>
            {i18n._(ORDER_TEXTS[found.state])} · {found.user_name}
            {found.contact !== null && (
              <>
                {" · "}
                <LookLink look={{ kind: "contact", id: String(found.contact) }}>{found.contact_name}</LookLink>
              </>
            )}
          </p>
          {found.reason && <p>{found.reason}</p>}
          <OrderLines order={found} />
        </div>
      )}
    </Section>
  );
}
