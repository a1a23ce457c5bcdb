import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import type { Operator } from "@/live/floor";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { duration } from "@/texts/format";
import { breakText } from "@/texts/states";

import { myDayQuery } from "./day";
import idleCss from "./idle.module.css";
import css from "./work.module.css";

/** What my day has added up to: calls, talk, wrap-up, breaks by reason. */
export function MyDay({ me }: { me: Operator }) {
  const { i18n } = useLingui();
  const day = useQuery(myDayQuery(me.since));
  const found = day.data;
  return (
    <Section title={<Trans>My day</Trans>} icon="sun">
      <Trouble error={day.error} />
      <dl className={idleCss.day}>
        <div>
          <dt>
            <Trans>calls</Trans>
          </dt>
          <dd>{found?.calls ?? "–"}</dd>
        </div>
        <div>
          <dt>
            <Trans>talk</Trans>
          </dt>
          <dd>{found ? duration(found.talked_s) : "–"}</dd>
        </div>
        <div>
          <dt>
            <Trans>wrap-up</Trans>
          </dt>
          <dd>{found ? duration(found.wrap_up_s) : "–"}</dd>
        </div>
        <div>
          <dt>
            <Trans>at work</Trans>
          </dt>
          <dd>{found ? duration(found.at_work_s) : "–"}</dd>
        </div>
      </dl>
      {found && found.breaks.length > 0 && (
        <p className={css.about}>
          <Trans>Breaks</Trans>:{" "}
          {found.breaks
            .map((one) => `${breakText(one.reason, i18n._.bind(i18n))} ${duration(one.seconds)}`)
            .join(" · ")}
        </p>
      )}
    </Section>
  );
}
