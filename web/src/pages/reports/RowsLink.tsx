import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { useFormats } from "@/texts/format";

import { named } from "./Bars";
import css from "./reports.module.css";
import { hasRows, said, valueOf, type Line } from "./shown";

/** The key in the address that means all lines together. */
export const TOTAL = "all";

interface Props {
  line: Line;
  figure: string;
  /** The line is all of them together. */
  total?: boolean;
  title?: string;
}

/** A figure that opens its rows; one without rows is only said. */
export function RowsLink({ line, figure, total = false, title = "" }: Props) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const shown = said(line, figure, formats);
  if (!hasRows(figure) || valueOf(line, figure) === 0) return <span data-figures>{shown}</span>;
  const name = named(i18n._.bind(i18n), figure);
  return (
    <Link
      from="/reports"
      to="/reports"
      search={(before) => ({ ...before, figure, key: total ? TOTAL : `=${line.key}` })}
      className={css.rowsLink}
      aria-label={[title, name, shown].filter(Boolean).join(": ")}
      resetScroll={false}
      data-figures
    >
      {shown}
    </Link>
  );
}
