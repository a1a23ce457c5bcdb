import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";

import type { OrderKeeper, Shown } from "@/orders/orderKeeper";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Waiting } from "@/parts/Waiting";

import css from "./order.module.css";
import { OrderDraft } from "./OrderDraft";
import { OthersDraft } from "./OthersDraft";
import { PlacedOrder } from "./PlacedOrder";

/** The order that is open in the call: being typed, or placed. */
export function OrderDesk({ shown, keeper }: { shown: Shown; keeper: OrderKeeper }) {
  const { t } = useLingui();
  const { order } = shown;
  const isDraft = order === null || order.state === "draft";
  const isOthers = order?.state === "draft" && !order.may.includes("change");
  const number = order?.number ?? "";
  return (
    <Section
      title={isDraft ? <Trans>Order</Trans> : <Trans>Order {number}</Trans>}
      icon="order"
      aside={
        <span className={css.aside}>
          {isDraft && !isOthers && (
            <span className={css.quiet} role="status">
              {said(shown)}
            </span>
          )}
          {shown.state !== "saving" && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t`Put the order aside`}
              onClick={() => {
                keeper.close();
              }}
            >
              <Icon name="close" />
            </ActionIcon>
          )}
        </span>
      }
    >
      {shown.state === "loading" ? (
        <Waiting lines={4} />
      ) : isOthers ? (
        <OthersDraft order={order} shown={shown} keeper={keeper} />
      ) : isDraft ? (
        <OrderDraft shown={shown} keeper={keeper} />
      ) : (
        <PlacedOrder key={order.id} order={order} shown={shown} keeper={keeper} />
      )}
    </Section>
  );
}

function said({ state }: Shown) {
  switch (state) {
    case "saved":
      return <Trans>Saved</Trans>;
    case "saving":
      return <Trans>Saving…</Trans>;
    case "here":
      return <Trans>Kept here; sent when the service answers</Trans>;
    case "refused":
      return <Trans>Kept here, not saved</Trans>;
    default:
      return "";
  }
}
