import { Trans } from "@lingui/react/macro";
import { UnstyledButton } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { lazy, Suspense, useEffect, useState } from "react";

import { BY_PLACE } from "@/parts/byPlace";
import { Icon } from "@/parts/Icon";
import { Keys } from "@/parts/Keys";

import css from "../shell.module.css";

const bring = () => import("./SearchDialog");
const SearchDialog = lazy(() => bring().then((part) => ({ default: part.SearchDialog })));

/** The way to everything: what the service has, the pages, and all that can be done now. */
export function Search() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    void bring(); // so that what is typed right after the keys is typed there
  }, []);
  const [opened, { open, close, toggle }] = useDisclosure(false, {
    onOpen: () => {
      setWanted(true);
    },
  });
  useHotkeys([["mod+K", toggle, BY_PLACE]], []);
  return (
    <>
      <UnstyledButton className={css.search} onClick={open}>
        <Icon name="search" size={16} />
        <span>
          <Trans>Search</Trans>
        </span>
        <Keys keys="Ctrl K" />
      </UnstyledButton>
      <Suspense>{wanted && <SearchDialog opened={opened} close={close} />}</Suspense>
    </>
  );
}
