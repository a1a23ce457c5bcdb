import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, type FormEvent } from "react";

import { Refused } from "@/api/refused";
import { useMay } from "@/api/session";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { useLanguage } from "@/texts/speaking";

import { FieldInput } from "./FieldInput";
import { FormContext } from "./FormContext";
import { Removal } from "./Removal";
import { SavedNotice } from "./SavedNotice";
import css from "./shape.module.css";
import { addressOf, type AnySubject, type Tagged } from "./subject";
import { Used } from "./Used";
import { useSubjectForm } from "./useSubjectForm";

interface Props {
  subject: AnySubject;
  /** Its id; `new` for one that is being made. */
  id: string;
  start: Tagged<unknown> | null;
  /** What a new one begins with beside its blank. */
  begun?: object | undefined;
}

/** One thing: its fields, what a change touches, and what became of the last change. */
export function SubjectForm({ subject, id, start, begun }: Props) {
  const { i18n } = useLingui();
  const language = useLanguage();
  const navigate = useNavigate();
  const may = useMay(subject.writes);
  const state = useSubjectForm(subject, id, start, begun);
  const kept = !may || (start !== null && (subject.fixed?.(start.data) ?? false));
  const fixed = kept || (start !== null && subject.change === undefined);
  const removable = subject.remove !== undefined && !kept;
  const passed = state.save.error instanceof Refused && state.save.error.status === 412;
  const Made = subject.made;
  const More = subject.more;
  const made = start === null && state.saved !== null;
  const place = useRef<HTMLFormElement>(null);
  const isNew = start === null;
  useEffect(() => {
    if (isNew) place.current?.querySelector<HTMLElement>("input, select, textarea")?.focus();
  }, [isNew]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    state.save.mutate(false);
  };
  const back = () => void navigate({ to: addressOf(subject, subject.home && start ? id : "") });
  const leave = () => {
    state.giveUp();
    back();
  };
  return (
    <>
      <header className={css.top}>
        <div>
          {subject.make && (
            <Link to={addressOf(subject, subject.home && start ? id : "")} className={css.back}>
              <Icon name="back" size={15} />
              {subject.home && start ? subject.label(start.data, language) : i18n._(subject.title)}
            </Link>
          )}
          <h1>{(start && subject.label(start.data, language)) || i18n._(subject.add)}</h1>
        </div>
      </header>
      {state.saved && <SavedNotice subject={subject} saved={state.saved} undo={state.undo} />}
      {made && Made && <Made one={state.saved?.answered} />}
      {!made && (
        <div className={css.pair}>
          <form className={css.card} onSubmit={submit} ref={place}>
            <FormContext
              value={{ form: state.form, faults: state.faults, isNew: start === null, fixed, change: state.change }}
            >
              <div className={css.fields}>
                {subject.fields.map((field, at) => (
                  <FieldInput key={at} field={field} path={field.name} />
                ))}
              </div>
            </FormContext>
            <Trouble error={state.save.error} />
            {passed && start === null && (
              <p className={css.hint}>
                <Trans>There is one of this name already: open it in the list, or give this one another name.</Trans>
              </p>
            )}
            {passed && start !== null && (
              <div className={css.buttons}>
                <Button variant="default" onClick={() => void state.takeTheirs()}>
                  <Trans>Take what is there now</Trans>
                </Button>
                <Button
                  variant="default"
                  onClick={() => {
                    state.save.mutate(true);
                  }}
                >
                  <Trans>Save mine all the same</Trans>
                </Button>
              </div>
            )}
            {!fixed && (
              <div className={css.buttons}>
                <Button type="submit" loading={state.save.isPending} disabled={start !== null && !state.changed}>
                  {start ? <Trans>Save</Trans> : <Trans>Make</Trans>}
                </Button>
                <Button variant="default" onClick={start && state.changed ? state.giveUp : leave}>
                  {start && !state.changed ? <Trans>Back</Trans> : <Trans>Give up</Trans>}
                </Button>
              </div>
            )}
          </form>
          {start && (subject.used !== undefined || removable) && (
            <aside className={css.aside}>
              {subject.used !== undefined && <Used kind={subject.used} id={id} />}
              {removable && (
                <Removal
                  subject={subject}
                  id={id}
                  tag={start.tag}
                  label={subject.label(start.data, language)}
                  gone={() => void navigate({ to: addressOf(subject) })}
                />
              )}
            </aside>
          )}
        </div>
      )}
      {start && More && <More one={start.data} tag={start.tag} />}
    </>
  );
}
