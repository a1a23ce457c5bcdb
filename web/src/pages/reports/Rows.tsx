import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";

import { useQueueTitle } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { ShowMore } from "@/parts/ShowMore";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";
import { duration, useFormats } from "@/texts/format";
import { ATTEMPT_TEXTS, COMPLAINT_TEXTS, ORDER_TEXTS, OUTCOME_TEXTS, STATE_TEXTS } from "@/texts/states";
import type { MessageDescriptor } from "@lingui/core";
import type { components } from "@/api/contract";

import { named } from "./Bars";
import { rowsQuery } from "./queries";
import css from "./reports.module.css";
import type { Line } from "./shown";

type Row = components["schemas"]["RowOut"];
const TEXTS: Record<string, MessageDescriptor> = {
  ...ATTEMPT_TEXTS,
  ...ORDER_TEXTS,
  ...COMPLAINT_TEXTS,
  ...OUTCOME_TEXTS,
  ...STATE_TEXTS,
};

/** The rows that a figure counts. */
export function Rows({ line, figure, title, now }: { line: Line; figure: string; title: string; now: number }) {
  const { i18n, t } = useLingui();
  const navigate = useNavigate({ from: "/reports" });
  const found = useInfiniteQuery(rowsQuery(line.rows, figure));
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const name = named(i18n._.bind(i18n), figure);
  return (
    <Section
      title={title ? `${name}: ${title}` : name}
      icon="article"
      aside={
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="close" size={14} />}
          onClick={() =>
            void navigate({
              search: (before) => ({ ...before, key: undefined, figure: undefined }),
              resetScroll: false,
            })
          }
        >
          <Trans>Close</Trans>
        </Button>
      }
    >
      <Trouble error={found.error} />
      {found.isPending && <Waiting />}
      {found.isSuccess && rows.length === 0 && (
        <Empty>
          <Trans>There is nothing here.</Trans>
        </Empty>
      )}
      <ol className={css.found} aria-label={t`Rows`}>
        {rows.map((row) => (
          <RowLine key={row.key} row={row} seconds={figure.endsWith("_s")} now={now} />
        ))}
      </ol>
      <ShowMore found={found} />
    </Section>
  );
}

function RowLine({ row, seconds, now }: { row: Row; seconds: boolean; now: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const queue = useQueueTitle(row.queue);
  const state = TEXTS[row.state];
  const shown = state ? i18n._(state) : row.state;
  return (
    <li>
      <time dateTime={row.at}>{formats.moment(row.at, now)}</time>
      {row.call === null ? (
        <span>{shown}</span>
      ) : (
        <Link to="/calls/$id" params={{ id: row.call }}>
          {shown || <Trans>Call</Trans>}
        </Link>
      )}
      <span>{row.queue && queue}</span>
      <span>{row.operator_name}</span>
      <span data-figures>{seconds ? duration(row.value) : ""}</span>
    </li>
  );
}
