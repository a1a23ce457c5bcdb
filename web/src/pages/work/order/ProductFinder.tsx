import { Trans, useLingui } from "@lingui/react/macro";
import { Combobox, TextInput, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState, type KeyboardEvent } from "react";

import { productSearchQuery, type Product } from "@/orders/orders";
import { Icon } from "@/parts/Icon";
import { Keys } from "@/parts/Keys";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";
import { useLanguage } from "@/texts/speaking";

import { nameOf } from "./items";
import css from "./order.module.css";

const PAUSE_MS = 120;

interface Props {
  add: (product: Product) => void;
  /** The field has the focus from the beginning. */
  focused: boolean;
}

/**
 * Finds products as one types. Enter takes the first, or the one that the arrows have reached; pressed before the list is
 * there, it takes the first of the list that comes.
 */
export function ProductFinder({ add, focused }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const formats = useFormats();
  const [typed, setTyped] = useState("");
  const [takes, setTakes] = useState(false);
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const found = useQuery({ ...productSearchQuery(asked), enabled: asked !== "", placeholderData: keepPreviousData });
  const box = useCombobox({
    onDropdownClose: () => {
      box.resetSelectedOption();
    },
  });
  const products = asked === "" ? [] : (found.data?.items ?? []);
  const isFresh = asked === typed.trim() && found.isSuccess && !found.isPlaceholderData;
  const take = (product: Product) => {
    add(product);
    setTyped("");
    setTakes(false);
    box.closeDropdown();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.nativeEvent.isComposing || typed.trim() === "") return;
    if (event.key === "ArrowDown") box.selectNextOption();
    else if (event.key === "ArrowUp") box.selectPreviousOption();
    else if (event.key === "Escape") box.closeDropdown();
    else if (event.key === "Enter") {
      const product = products[Math.max(0, box.getSelectedOptionIndex())];
      if (!isFresh) setTakes(true);
      else if (product) take(product);
    } else return;
    event.preventDefault();
  };
  const first = takes && isFresh ? products[0] : undefined;
  useEffect(() => {
    if (first) take(first); // eslint-disable-line react-hooks/set-state-in-effect -- the list has come
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for the list that was waited for
  }, [first]);
  useEffect(() => {
    if (box.dropdownOpened && products.length) box.selectFirstOption();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the first of each new list
  }, [found.data, box.dropdownOpened]);
  return (
    <Combobox
      store={box}
      withinPortal={false}
      onOptionSubmit={(id) => {
        const product = products.find((one) => String(one.id) === id);
        if (product && isFresh) take(product);
      }}
    >
      <Combobox.Target withExpandedAttribute withKeyboardNavigation={false}>
        <TextInput
          id="product"
          role="combobox"
          aria-label={t`Find a product`}
          placeholder={t`Find a product`}
          leftSection={<Icon name="search" size={16} />}
          rightSection={<Keys keys="Alt O" />}
          rightSectionWidth={56}
          autoComplete="off"
          autoFocus={focused}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setTakes(false);
            box.openDropdown();
          }}
          onKeyDown={onKeyDown}
          onFocus={() => {
            if (typed) box.openDropdown();
          }}
          onBlur={() => {
            box.closeDropdown();
          }}
        />
      </Combobox.Target>
      <Trouble error={found.error} />
      <Combobox.Dropdown hidden={typed.trim() === "" || !found.data}>
        <Combobox.Options aria-label={t`Products`} aria-busy={!isFresh}>
          {products.map((product) => (
            <Combobox.Option key={product.id} value={String(product.id)}>
              <span className={css.found}>
                <span>
                  <b>{nameOf(product, language)}</b>
                  <small>{product.code}</small>
                </span>
                <span data-availability={product.availability}>
                  {product.gross_price !== null && <b data-figures>{formats.money(product.gross_price)}</b>}
                  <small>
                    <Availability product={product} />
                  </small>
                </span>
              </span>
            </Combobox.Option>
          ))}
          {products.length === 0 && (
            <Combobox.Empty>
              <Trans>No product is found. Type less, or another word.</Trans>
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function Availability({ product }: { product: Product }) {
  const formats = useFormats();
  const left = formats.number(Number(product.counted));
  switch (product.availability) {
    case "out":
      return <Trans>ran out</Trans>;
    case "low":
      return product.stock === "counted" ? <Trans>only {left} left</Trans> : <Trans>few left</Trans>;
    case "in":
      return product.stock === "counted" ? <Trans>{left} in stock</Trans> : <Trans>in stock</Trans>;
    default:
      return "";
  }
}
