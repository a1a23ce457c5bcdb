import { Trans } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { Empty } from "@/parts/Empty";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import shape from "../shape/shape.module.css";
import { Merged } from "./Merged";
import { Pair } from "./Pair";

const LIMIT = 10;

/** Contacts that are probably the same, the most probable first: side by side, to be merged or left. */
export function DuplicatesPage() {
  const [merge, setMerge] = useState<number | null>(null);
  const found = useInfiniteQuery({
    queryKey: ["duplicates"],
    queryFn: ({ pageParam }) =>
      answer(api.GET("/api/v1/duplicates", { params: { query: { cursor: pageParam, limit: LIMIT } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const pairs = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Duplicates</Trans>
          </h1>
          <p>
            <Trans>Contacts that are probably the same person or company. Nothing is merged by itself.</Trans>
          </p>
        </div>
      </header>
      {merge !== null && (
        <Merged
          merge={merge}
          undone={() => {
            setMerge(null);
          }}
        />
      )}
      <Trouble error={found.error} />
      {found.isPending && <Waiting lines={6} />}
      {found.isSuccess && pairs.length === 0 && (
        <div className={shape.card}>
          <Empty>
            <Trans>No two contacts look the same. New ones are looked at as they come.</Trans>
          </Empty>
        </div>
      )}
      {pairs.map((pair) => (
        <Pair key={pair.id} pair={pair} merged={setMerge} />
      ))}
      <ShowMore found={found} />
    </>
  );
}
