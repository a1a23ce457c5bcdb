import { useLingui } from "@lingui/react/macro";
import { Button, Group, TextInput } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";

import { useMay } from "@/api/session";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import css from "./shape.module.css";
import { SubjectTable } from "./SubjectTable";
import type { AnySubject } from "./subject";

/** All things of a kind, with a search, and the way to a new one. */
export function SubjectList({ subject }: { subject: AnySubject }) {
  const { i18n, t } = useLingui();
  const may = useMay(subject.writes);
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed);
  const asked = subject.searches ? q : "";
  const found = useInfiniteQuery({
    queryKey: ["admin", subject.name, "list", asked],
    queryFn: ({ pageParam }) => subject.list({ q: asked, cursor: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const all: unknown[] = found.data?.pages.flatMap((page) => page.items) ?? [];
  const title = i18n._(subject.title);
  const canMake = may && subject.make !== undefined && (subject.most === undefined || all.length < subject.most);
  const Below = subject.below;
  return (
    <>
      <header className={css.top}>
        <div>
          <h1>{title}</h1>
          <p>{i18n._(subject.about)}</p>
        </div>
        {canMake && (
          <Button
            renderRoot={(props) => (
              <Link to="/admin/$subject/$id" params={{ subject: subject.name, id: "new" }} {...props} />
            )}
            leftSection={<Icon name="plus" size={16} />}
          >
            {i18n._(subject.add)}
          </Button>
        )}
      </header>
      <Trouble error={found.error} />
      {found.isPending && <Waiting lines={6} />}
      {found.isSuccess && all.length === 0 && !asked && (
        <div className={css.card}>
          <Empty>{i18n._(subject.empty)}</Empty>
        </div>
      )}
      {found.isSuccess && (all.length > 0 || asked) && (
        <div className={css.card}>
          <TextInput
            type="search"
            className={css.search}
            aria-label={t`Search: ${title}`}
            placeholder={t`Search`}
            leftSection={<Icon name="search" size={16} />}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
            }}
          />
          <SubjectTable subject={subject} all={all} wanted={subject.searches ? "" : q} />
          <Group mt="sm">
            <ShowMore found={found} />
          </Group>
        </div>
      )}
      {Below && <Below />}
    </>
  );
}
