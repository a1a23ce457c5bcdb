import { useLingui } from "@lingui/react/macro";
import { ActionIcon, TextInput } from "@mantine/core";

import { isQuantity } from "@/orders/quantity";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { Refused } from "@/api/refused";
import { useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";
import { useMemo } from "react";

import { nameOf, type Item, type Problem } from "./items";
import css from "./order.module.css";

interface Props {
  item: Item;
  change: (quantity: string) => void;
  remove: () => void;
}

/** One line of a draft: the product, how much of it, what that costs, and why it cannot be had. */
export function OrderItem({ item, change, remove }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const formats = useFormats();
  const what = item.names ? nameOf(item.names, language) : item.code;
  return (
    <li className={css.item} data-bad={item.problem !== null}>
      <span className={css.product}>
        <b>{what}</b>
        <small>
          {item.code}
          {item.price !== null && ` · ${formats.money(item.price)}`}
          {Number(item.discount) > 0 && ` · −${item.discount} %`}
        </small>
      </span>
      <TextInput
        size="xs"
        className={css.quantity}
        aria-label={t`Quantity of ${what}`}
        inputMode="decimal"
        value={item.quantity}
        error={!isQuantity(item.quantity)}
        rightSection={<small>{item.unit}</small>}
        rightSectionWidth={34}
        onChange={(event) => {
          change(event.currentTarget.value);
        }}
      />
      <b className={css.net} data-figures>
        {item.net === null ? "…" : formats.money(item.net)}
      </b>
      <ActionIcon variant="subtle" color="gray" aria-label={t`Take out ${what}`} onClick={remove}>
        <Icon name="close" size={16} />
      </ActionIcon>
      {item.problem && <Lacking problem={item.problem} />}
    </li>
  );
}

function Lacking({ problem }: { problem: Problem }) {
  const error = useMemo(() => Refused.ofField(problem), [problem]);
  return (
    <div className={css.lacking}>
      <Trouble error={error} />
    </div>
  );
}
