import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { attemptQuery } from "@/api/queries";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { useNumberKeys } from "@/parts/numberKeys";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useLanguage } from "@/texts/speaking";

import { CallbackFields } from "./CallbackFields";
import { titleOf, useDisposing } from "./disposing";
import dispositionCss from "./disposition.module.css";
import css from "./work.module.css";

interface Props {
  attempt: string;
  campaign: number;
  /** The wrap-up goes on until a result is set. */
  required: boolean;
  /** Who may promise to call back themselves: the operator of the call; null: nobody had it. */
  mine: number | null;
  /** Their name; without one, it is the reader. */
  name?: string;
}

const MOST = 2000; // characters
const KEYS = 9;

/** What a campaign's call came to: by a click or a number key, with a note, during the call or after it. */
export function Disposition({ attempt, campaign, required, mine, name }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const about = useQuery(attemptQuery(attempt));
  const form = useDisposing({ attempt, campaign, about: about.data, mine });
  const { choices } = form;
  const when = useRef<HTMLInputElement>(null);
  const save = useRef<HTMLButtonElement>(null);
  const [picked, setPicked] = useState(0);
  const choose = (one: (typeof choices)[number]) => {
    form.choose(one);
    setPicked(picked + 1);
  };
  useNumberKeys((key) => {
    const chosen = choices[Number(key) - 1];
    if (chosen) choose(chosen);
    return chosen !== undefined;
  });
  useEffect(() => {
    if (picked) (when.current ?? save.current)?.focus();
  }, [picked]);
  const lacksTime = form.chosen?.callback === true && !form.at;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || lacksTime || !form.chosen) return;
    event.preventDefault();
    form.save();
  };
  const saved = about.data?.disposition;
  return (
    <Section
      title={<Trans>What was the result of the call?</Trans>}
      icon="check"
      aside={
        saved ? (
          <span role="status" className={css.about}>
            <Trans>Saved</Trans>: {about.data?.disposition_titles[language] ?? about.data?.disposition_title}
          </span>
        ) : (
          required && (
            <span className={css.late}>
              <Trans>needed to end the wrap-up</Trans>
            </span>
          )
        )
      }
    >
      <Trouble error={about.error ?? form.error} />
      {choices.length === 0 && form.loaded && (
        <Empty>
          <Trans>This campaign has no results to choose from. A supervisor makes them.</Trans>
        </Empty>
      )}
      <div className={dispositionCss.choices} role="group" aria-label={t`Results`}>
        {choices.map((one, at) => (
          <UnstyledButton
            key={one.id}
            aria-pressed={one.code === form.chosen?.code}
            data-kind={one.sale ? "sale" : one.do_not_call ? "never" : ""}
            onClick={() => {
              choose(one);
            }}
          >
            {at < KEYS && <kbd>{at + 1}</kbd>}
            {titleOf(one, language)}
          </UnstyledButton>
        ))}
      </div>
      {form.chosen?.do_not_call && (
        <p className={css.late}>
          <Trans>This person is not called again in any campaign.</Trans>
        </p>
      )}
      {form.chosen?.callback && (
        <CallbackFields form={form} when={when} {...(mine === null ? {} : { by: name ?? t`me` })} />
      )}
      {form.chosen && (
        <div className={dispositionCss.saving} onKeyDown={onKeyDown}>
          <Textarea
            aria-label={t`Note on the result`}
            placeholder={t`Note on the result`}
            maxLength={MOST}
            autosize
            minRows={1}
            maxRows={5}
            value={form.note}
            onChange={(event) => {
              form.setNote(event.currentTarget.value);
            }}
          />
          <Button
            leftSection={<Icon name="check" />}
            ref={save}
            loading={form.saving}
            disabled={lacksTime}
            onClick={form.save}
          >
            {saved ? <Trans>Save correction</Trans> : <Trans>Save</Trans>}
          </Button>
        </div>
      )}
    </Section>
  );
}
