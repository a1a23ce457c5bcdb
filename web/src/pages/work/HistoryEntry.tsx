import { Trans, useLingui } from "@lingui/react/macro";

import type { components } from "@/api/contract";
import { Icon, type IconName } from "@/parts/Icon";
import { duration, useFormats } from "@/texts/format";
import { COMPLAINT_TEXTS, ORDER_TEXTS, OUTCOME_TEXTS } from "@/texts/states";

import css from "./contact.module.css";

type Entry = components["schemas"]["EntryOut"];

const ICONS: Record<string, IconName> = { note: "note", order: "order", complaint: "complaint", promise: "clock" };

/** One line of a contact's history. */
export function HistoryEntry({ entry, now }: { entry: Entry; now: number }) {
  const formats = useFormats();
  return (
    <li>
      <Icon name={ICONS[entry.kind] ?? "phone"} size={16} />
      <div>
        <Told entry={entry} />
        <small>
          <time dateTime={entry.at}>{formats.moment(entry.at, now)}</time>
          {entry.name && ` · ${entry.name}`}
        </small>
      </div>
    </li>
  );
}

function Told({ entry }: { entry: Entry }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const data = entry.data as Record<string, string | number | null | undefined>;
  const text = (name: string) => String(data[name] ?? "");
  const number = entry.kind === "order" ? text("number") : entry.id;
  const of = (texts: Partial<Record<string, (typeof OUTCOME_TEXTS)[string]>>, name: string) => {
    const known = texts[text(name)];
    return known ? i18n._(known) : text(name);
  };
  switch (entry.kind) {
    case "note":
      return <p className={css.noted}>{text("text")}</p>;
    case "order":
      return (
        <p>
          <Trans>Order {number}</Trans> · {of(ORDER_TEXTS, "state")}
          {data.gross && ` · ${formats.money(text("gross"))}`}
        </p>
      );
    case "complaint":
      return (
        <p>
          <Trans>Complaint #{number}</Trans> · {of(COMPLAINT_TEXTS, "state")}
        </p>
      );
    case "promise":
      return (
        <p>
          <Trans>To be called back</Trans>
        </p>
      );
    case "attempt":
      return (
        <p>
          <Trans>Call of a campaign</Trans> · {of(OUTCOME_TEXTS, "outcome")}
          {data.note && <span className={css.noted}>{text("note")}</span>}
        </p>
      );
    default:
      return (
        <p>
          <Trans>Call</Trans> · {text("outcome") ? of(OUTCOME_TEXTS, "outcome") : <Trans>under way</Trans>}
          {Number(data.talked_s) > 0 && ` · ${duration(Number(data.talked_s))}`}
        </p>
      );
  }
}
