import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useEffect, useRef, useState, type FormEvent } from "react";

import { useMay } from "@/api/session";
import { hasDraft, useDraft } from "@/drafts/useDraft";
import type { Order, OrderKeeper, Shown } from "@/orders/orderKeeper";
import { Trouble } from "@/parts/Trouble";
import { ORDER_TEXTS } from "@/texts/states";

import css from "./order.module.css";
import { OrderLines } from "./OrderLines";

interface Props {
  order: Order;
  shown: Shown;
  keeper: OrderKeeper;
}

const MOST = 200; // characters of a reason
const EMPTY = { reason: "" };

/** An order that has its number: to be read out, repeated, or cancelled with a reason. */
export function PlacedOrder({ order, shown, keeper }: Props) {
  const { i18n, t } = useLingui();
  const writes = useMay("orders.write");
  const place = `keskus.cancels.${String(order.id)}`;
  const [asked, setAsked] = useState(() => hasDraft(place));
  const may = writes && order.may.includes("cancel");
  const cancels = asked && may;
  const { form, change, clear } = useDraft(place, EMPTY);
  const { reason } = form;
  useEffect(() => {
    if (!order.may.includes("cancel")) clear();
  }, [order.may, clear]);
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) told.current?.focus(); // the button that placed it is gone
  }, [order.id]);
  const cancel = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim()) void keeper.cancel(reason.trim());
  };
  return (
    <div className={css.draft}>
      <p className={css.told} role="status" ref={told} tabIndex={-1}>
        <small>
          {order.state === "placed" ? <Trans>Placed. Read the number out:</Trans> : i18n._(ORDER_TEXTS[order.state])}
        </small>
        <strong data-figures>{order.number}</strong>
        {order.reason && <small>{order.reason}</small>}
      </p>
      <OrderLines order={order} />
      <Trouble error={shown.error} />
      {writes && !cancels && (
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
          {may && (
            <Button
              size="compact-md"
              variant="default"
              disabled={shown.busy}
              onClick={() => {
                setAsked(true);
              }}
            >
              <Trans>Cancel the order</Trans>
            </Button>
          )}
        </div>
      )}
      {cancels && (
        <form className={css.draft} onSubmit={cancel}>
          <TextInput
            label={t`Why it is cancelled`}
            required
            autoFocus
            maxLength={MOST}
            value={reason}
            onChange={(event) => {
              change({ reason: event.currentTarget.value });
            }}
          />
          <div className={css.buttons}>
            <Button type="submit" size="compact-md" loading={shown.busy}>
              <Trans>Cancel the order</Trans>
            </Button>
            <Button
              size="compact-md"
              variant="default"
              onClick={() => {
                clear();
                setAsked(false);
              }}
            >
              <Trans>Back</Trans>
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
