import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import { useMay } from "@/api/session";
import type { Order, OrderKeeper, Shown } from "@/orders/orderKeeper";
import { Trouble } from "@/parts/Trouble";

import css from "./order.module.css";
import { OrderLines } from "./OrderLines";

/** A draft that somebody else types: to be looked at, and repeated to go on with one of one's own. */
export function OthersDraft({ order, shown, keeper }: { order: Order; shown: Shown; keeper: OrderKeeper }) {
  const writes = useMay("orders.write");
  const user = order.user_name;
  return (
    <div className={css.draft}>
      <p>
        <Trans>{user} types this draft. Repeat it to go on with one of your own.</Trans>
      </p>
      <OrderLines order={order} />
      <Trouble error={shown.error} />
      {writes && (
        <div className={css.buttons}>
          <Button
            size="compact-md"
            variant="default"
            loading={shown.busy}
            onClick={() => {
              void keeper.repeat();
            }}
          >
            <Trans>Repeat</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
