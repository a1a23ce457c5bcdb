import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";

import { useDraft } from "@/drafts/useDraft";
import type { Missed } from "@/live/floor";
import { useQueueTitle } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Section } from "@/parts/Section";
import { useFormats } from "@/texts/format";
import { MISSED_TEXTS } from "@/texts/states";

import css from "./work.module.css";

const NONE: { away: readonly string[] } = { away: [] };

/** Calls that my phone rang for and that I did not take; each stays until it is put away here, or I go home. */
export function MissedCalls({ missed }: { missed: readonly Missed[] }) {
  const { form, change } = useDraft("keskus.missed", NONE);
  const shown = missed.filter((one) => !form.away.includes(one.call + one.at));
  if (shown.length === 0) return null;
  return (
    <Section title={<Trans>Missed calls</Trans>} icon="phone" count={shown.length}>
      <ul className={css.rows}>
        {shown.map((one) => (
          <MissedCall
            key={one.call + one.at}
            missed={one}
            putAway={() => {
              const known = missed.map((other) => other.call + other.at);
              change({ away: [...form.away.filter((id) => known.includes(id)), one.call + one.at] });
            }}
          />
        ))}
      </ul>
    </Section>
  );
}

function MissedCall({ missed, putAway }: { missed: Missed; putAway: () => void }) {
  const { i18n, t } = useLingui();
  const formats = useFormats();
  const queue = useQueueTitle(missed.queue);
  const who = missed.contact_name || missed.caller_name;
  const caller = who || missed.caller_number;
  return (
    <li className={[css.row, css.missed].join(" ")}>
      <span className={css.who}>
        {who && <b>{who}</b>}
        <PhoneNumber number={missed.caller_number} />
      </span>
      <span className={css.about}>
        {queue} · {i18n._(MISSED_TEXTS[missed.outcome])}
      </span>
      <time dateTime={missed.at}>{formats.time(missed.at)}</time>
      {missed.caller_number && (
        <Button
          component="a"
          size="compact-sm"
          variant="default"
          leftSection={<Icon name="phone" size={14} />}
          aria-label={t`Call back: ${caller}`}
          href={`tel:${missed.caller_number}`}
        >
          <Trans>Call back</Trans>
        </Button>
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={t`Put away the missed call of ${caller}`} onClick={putAway}>
        <Icon name="close" size={16} />
      </ActionIcon>
    </li>
  );
}
