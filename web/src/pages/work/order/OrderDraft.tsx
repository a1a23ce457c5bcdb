import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, TextInput } from "@mantine/core";
import { useState, type KeyboardEvent } from "react";

import type { Clash as Clashing, Line, OrderKeeper, Shown } from "@/orders/orderKeeper";
import type { Product } from "@/orders/orders";
import { Clash } from "@/parts/Clash";
import { Keys } from "@/parts/Keys";
import { Trouble } from "@/parts/Trouble";
import { Undo } from "@/parts/Undo";
import { useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import { forInput } from "../disposing";
import css from "./order.module.css";
import { itemsOf, nameOf } from "./items";
import { OrderItem } from "./OrderItem";
import { ProductFinder } from "./ProductFinder";
import { Totals } from "./Totals";

const MOST = 2000; // characters of an address or a comment

/** An order as it is typed: what, how much, where to, and what it costs now. */
export function OrderDraft({ shown, keeper }: { shown: Shown; keeper: OrderKeeper }) {
  const { t } = useLingui();
  const language = useLanguage();
  const [known, setKnown] = useState<ReadonlyMap<number, Product>>(new Map());
  const [before, setBefore] = useState<Line[] | null>(null);
  const { typed, order } = shown;
  const items = itemsOf(typed.lines, order, known);
  const type = (lines: Line[], undone: Line[] | null = null) => {
    setBefore(undone);
    keeper.type({ lines });
  };
  const add = (product: Product) => {
    setKnown(new Map([...known, [product.id, product]]));
    const at = typed.lines.findIndex((line) => line.product === product.id);
    const again = typed.lines.map((line, place) =>
      place === at ? { ...line, quantity: String(Number(line.quantity) + 1 || 1) } : line,
    );
    type(at < 0 ? [...typed.lines, { product: product.id, quantity: "1" }] : again);
  };
  const place = () => {
    void keeper.place();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && event.ctrlKey) {
      event.preventDefault();
      place();
    }
  };
  const promotions = order?.lines.filter((line) => line.promotion !== null) ?? [];
  return (
    <div className={css.draft} onKeyDown={onKeyDown}>
      <ProductFinder add={add} focused={shown.state === "empty"} />
      {typed.lines.length > 0 && (
        <ul className={css.items}>
          {items.map((item, at) => (
            <OrderItem
              key={`${String(item.product)} ${String(at)}`}
              item={item}
              change={(quantity) => {
                type(typed.lines.map((line, place) => (place === at ? { ...line, quantity } : line)));
              }}
              remove={() => {
                type(
                  typed.lines.filter((_, place) => place !== at),
                  typed.lines,
                );
              }}
            />
          ))}
          {promotions.map((line) => (
            <li key={line.position} className={css.promotion}>
              <span>{nameOf(line, language)}</span>
              <Money amount={line.net} />
            </li>
          ))}
        </ul>
      )}
      {before !== null && (
        <Undo
          undo={() => {
            type(before);
          }}
        >
          <Trans>The line was taken out.</Trans>
        </Undo>
      )}
      {order !== null && typed.lines.length > 0 && <Totals order={order} stale={shown.state === "saving"} />}
      <div className={css.fields}>
        <Textarea
          label={t`Where to`}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={MOST}
          value={typed.address}
          onChange={(event) => {
            keeper.type({ address: event.currentTarget.value });
          }}
        />
        <TextInput
          type="datetime-local"
          label={t`Wished for`}
          value={typed.wished_at === null ? "" : forInput(new Date(typed.wished_at))}
          onChange={(event) => {
            const at = event.currentTarget.value;
            keeper.type({ wished_at: at ? new Date(at).toISOString() : null });
          }}
        />
        <Textarea
          label={t`Comment`}
          autosize
          minRows={1}
          maxRows={4}
          maxLength={MOST}
          value={typed.comment}
          onChange={(event) => {
            keeper.type({ comment: event.currentTarget.value });
          }}
        />
      </div>
      {shown.clashes.map((clash) => (
        <DraftClash key={clash.field} clash={clash} keeper={keeper} names={known} shown={shown} />
      ))}
      <Trouble error={shown.error} />
      <div className={css.buttons}>
        <Button
          loading={shown.busy}
          disabled={typed.lines.length === 0}
          onClick={place}
          rightSection={<Keys keys="Ctrl ⏎" />}
        >
          <Trans>Place the order</Trans>
        </Button>
        <Button
          variant="default"
          disabled={shown.busy}
          onClick={() => {
            void keeper.discard();
          }}
        >
          <Trans>Throw away</Trans>
        </Button>
      </div>
    </div>
  );
}

function Money({ amount }: { amount: string }) {
  const formats = useFormats();
  return <b data-figures>{formats.money(amount)}</b>;
}

interface ClashProps {
  clash: Clashing;
  keeper: OrderKeeper;
  names: ReadonlyMap<number, Product>;
  shown: Shown;
}

function DraftClash({ clash, keeper, names, shown }: ClashProps) {
  const language = useLanguage();
  const formats = useFormats();
  const { field, mine, theirs } = clash;
  const words = (value: Clashing["mine"]) => {
    if (Array.isArray(value)) {
      return itemsOf(value, shown.order, names)
        .map((item) => `${item.quantity} × ${item.names ? nameOf(item.names, language) : item.code}`)
        .join("\n");
    }
    return field === "wished_at" && typeof value === "string" ? formats.moment(value, 0) : String(value ?? "");
  };
  const both = typeof mine === "string" && typeof theirs === "string" && field !== "wished_at";
  return (
    <Clash
      what={<FieldName field={field} />}
      mine={words(mine)}
      theirs={words(theirs)}
      keepMine={() => {
        keeper.settle(field, mine);
      }}
      keepTheirs={() => {
        keeper.settle(field, theirs);
      }}
      keepBoth={
        both
          ? () => {
              keeper.settle(field, `${theirs}\n${mine}`);
            }
          : undefined
      }
    />
  );
}

function FieldName({ field }: { field: Clashing["field"] }) {
  switch (field) {
    case "lines":
      return <Trans>Lines</Trans>;
    case "address":
      return <Trans>Where to</Trans>;
    case "wished_at":
      return <Trans>Wished for</Trans>;
    case "contact":
      return <Trans>Contact</Trans>;
    default:
      return <Trans>Comment</Trans>;
  }
}
