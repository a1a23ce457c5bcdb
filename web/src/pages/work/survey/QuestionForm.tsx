import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import type { FormEvent } from "react";

import { useDraft } from "@/drafts/useDraft";
import { useNumberKeys } from "@/parts/numberKeys";

import { choicesOf, textOf } from "./choices";
import type { Answer, Question } from "./responses";
import css from "./survey.module.css";

interface Props {
  question: Question;
  language: string;
  /** What was answered before; null: nothing. */
  given: Answer;
  /** Where what is typed is kept until it is given. */
  place: string;
  changing: boolean;
  /** Gives the answer; `given` is called once the service has it. */
  give: (value: Answer, given: () => void) => void;
}

const MOST = 10_000; // characters
const EMPTY = { text: null as string | null, several: null as string[] | null };

/** One question to be read out, and its answer: by a click or a key where there is a choice, else typed. */
export function QuestionForm({ question, language, given, place, changing, give }: Props) {
  const { t } = useLingui();
  const { form, change, clear } = useDraft(place, EMPTY);
  const choices = choicesOf(question, language);
  const text = form.text ?? (typeof given === "string" ? given : "");
  const several = form.several ?? (Array.isArray(given) ? given : []);
  useNumberKeys((key) => {
    const chosen = choices.find((one) => one.key === key);
    if (chosen && !changing) give(chosen.value, clear);
    return chosen !== undefined;
  });
  const low = textOf(question.low_texts ?? {}, language);
  const high = textOf(question.high_texts ?? {}, language);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const plain = question.kind === "number" ? text.trim().replace(",", ".") : text.trim();
    const value = question.kind === "several" ? several : plain;
    give(value.length ? value : null, clear);
  };
  const field = {
    "aria-label": t`Answer`,
    value: text,
    autoFocus: true,
  };
  return (
    <form className={css.question} onSubmit={submit}>
      <p lang={language}>{textOf(question.texts, language)}</p>
      {choices.length > 0 && (
        <div className={css.choices} role="group" aria-label={t`Answer`} lang={language}>
          {choices.map((choice) => (
            <UnstyledButton
              key={choice.value}
              disabled={changing}
              aria-pressed={choice.value === given}
              onClick={() => {
                give(choice.value, clear);
              }}
            >
              {choice.key && choice.key !== choice.text && <kbd>{choice.key}</kbd>}
              {choice.text}
            </UnstyledButton>
          ))}
        </div>
      )}
      {(low || high) && (
        <p className={css.ends} lang={language}>
          <span>{low}</span>
          <span>{high}</span>
        </p>
      )}
      {question.kind === "several" && (
        <Checkbox.Group
          aria-label={t`Answer`}
          value={several}
          onChange={(chosen) => {
            change({ several: chosen });
          }}
        >
          <div className={css.several}>
            {question.options.map((option) => (
              <Checkbox key={option.code} value={option.code} label={textOf(option.texts, language)} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {question.kind === "text" && (
        <Textarea
          {...field}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={MOST}
          onChange={(event) => {
            change({ text: event.currentTarget.value });
          }}
        />
      )}
      {(question.kind === "number" || question.kind === "date") && (
        <TextInput
          {...field}
          type={question.kind === "date" ? "date" : "text"}
          inputMode={question.kind === "number" ? "decimal" : undefined}
          onChange={(event) => {
            change({ text: event.currentTarget.value });
          }}
        />
      )}
      <div className={css.buttons}>
        {choices.length === 0 && (
          <Button type="submit" size="compact-md" loading={changing}>
            <Trans>Next</Trans>
          </Button>
        )}
        {!question.required && (
          <Button
            size="compact-md"
            variant="default"
            disabled={changing}
            onClick={() => {
              give(null, clear);
            }}
          >
            <Trans>Pass over</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
