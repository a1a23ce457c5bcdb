import { Trans, useLingui } from "@lingui/react/macro";
import { Button, UnstyledButton } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";

import { useMay } from "@/api/session";
import type { OrderKeeper, Shown } from "@/orders/orderKeeper";
import { ordersQuery } from "@/orders/orders";
import { BY_PLACE } from "@/parts/byPlace";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";
import { useActions } from "@/shell/actions";
import { useFormats } from "@/texts/format";
import { ORDER_TEXTS } from "@/texts/states";

import css from "./order.module.css";

interface Props {
  contact: number | null;
  call: string;
  shown: Shown;
  keeper: OrderKeeper;
}

/** The customer's last orders, and the way to a new one; a click opens one beside the call. */
export function Orders({ contact, call, shown, keeper }: Props) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const writes = useMay("orders.write");
  const orders = useQuery(ordersQuery(contact, call));
  const found = orders.data?.items;
  const begin = () => {
    if (!writes) return;
    if (shown.state === "saved" && shown.order?.state !== "draft") keeper.close();
    keeper.begin();
    document.getElementById("product")?.focus();
  };
  useHotkeys([["alt+O", begin, BY_PLACE]], []);
  useActions(writes ? [{ id: "order", title: t`New order`, icon: "order", keys: "Alt O", run: begin }] : []);
  return (
    <Section
      title={<Trans>Orders</Trans>}
      icon="order"
      count={found?.length}
      aside={
        writes &&
        shown.state === "none" && (
          <Button size="compact-sm" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={begin}>
            <Trans>New order</Trans>
          </Button>
        )
      }
    >
      <Trouble error={orders.error} />
      {shown.thrown && (
        <Undo
          undo={() => {
            keeper.restore();
          }}
        >
          <Trans>The draft was thrown away.</Trans>
        </Undo>
      )}
      {found?.length === 0 && (
        <Empty>
          {contact === null ? (
            <Trans>Nothing was ordered in this call.</Trans>
          ) : (
            <Trans>The customer has ordered nothing yet.</Trans>
          )}
        </Empty>
      )}
      <ul className={css.orders}>
        {found?.map((order) => (
          <li key={order.id}>
            <UnstyledButton
              aria-pressed={order.id === shown.order?.id}
              onClick={() => {
                keeper.open(order.id);
              }}
            >
              <b data-figures>{order.number ?? <Trans>no number yet</Trans>}</b>
              <span>{i18n._(ORDER_TEXTS[order.state])}</span>
              {order.gross !== null && <b data-figures>{formats.money(order.gross)}</b>}
              <time dateTime={order.placed_at ?? order.created_at}>
                {formats.date(order.placed_at ?? order.created_at)}
              </time>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </Section>
  );
}
