import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { useLiveStore } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { RULE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./campaigns.module.css";
import { stoppedQuery } from "./queries";

/** Which rules keep how many leads from being called, and until when; each rule opens its leads. */
export function Stopped({ id }: { id: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const { line } = useLiveStore();
  const found = useQuery(stoppedQuery(id));
  return (
    <Section title={<Trans>Not called now</Trans>} icon="pause">
      <Trouble error={found.error} />
      {found.data?.length === 0 && (
        <Empty>
          <Trans>No rule stops anybody who was looked at.</Trans>
        </Empty>
      )}
      <ul className={css.stops}>
        {found.data?.map((one) => {
          const text = RULE_TEXTS[one.rule];
          const until = one.next_at === null ? "" : formats.moment(one.next_at, line.now());
          return (
            <li key={one.rule}>
              <b data-figures>{formats.number(one.leads)}</b>
              <Link
                to="/campaigns/$id"
                params={{ id: String(id) }}
                search={{ rule: one.rule }}
                hash="leads"
                resetScroll={false}
              >
                {text ? i18n._(text) : one.rule}
              </Link>
              <small>{until ? <Trans>from {until}</Trans> : <Trans>stays so</Trans>}</small>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
