import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";

import type { Answer, Step } from "./runs";
import css from "./script.module.css";

interface Props {
  step: Step;
  changing: boolean;
  /** Keeps what is typed, whether it fits or not. */
  keep: (typed: Answer) => void;
  /** Goes on with an answer; null: with none. */
  pass: (answer: Answer | null) => void;
  back: (() => void) | undefined;
}

/** What is said at a step, and the field for its answer: one click where there is a choice. */
export function AnswerField({ step, changing, keep, pass, back }: Props) {
  const { t } = useLingui();
  const [typed, setTyped] = useState<Answer>(step.typed ?? "");
  const text = typeof typed === "string" ? typed : "";
  const several = typeof typed === "string" ? [] : typed;
  const question = step.question;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pass(typed.length ? typed : null);
  };
  const yesOrNo = [
    { code: "yes", text: t`Yes` },
    { code: "no", text: t`No` },
  ];
  const choices = question?.kind === "yes_no" ? yesOrNo : question?.kind === "choice" ? question.choices : [];
  const field = {
    "aria-label": t`Answer`,
    value: text,
    onBlur: () => {
      keep(text);
    },
  };
  return (
    <form className={css.step} onSubmit={submit}>
      <p className={css.said}>{step.text}</p>
      {choices.length > 0 && (
        <div className={css.buttons} role="group" aria-label={t`Answer`}>
          {choices.map((choice) => (
            <Button
              key={choice.code}
              variant={step.typed === choice.code ? "filled" : "light"}
              disabled={changing}
              onClick={() => {
                pass(choice.code);
              }}
            >
              {choice.text}
            </Button>
          ))}
        </div>
      )}
      {question?.kind === "several" && (
        <Checkbox.Group
          aria-label={t`Answer`}
          value={several}
          onChange={(chosen) => {
            setTyped(chosen);
            keep(chosen);
          }}
        >
          <div className={css.several}>
            {question.choices.map((choice) => (
              <Checkbox key={choice.code} value={choice.code} label={choice.text} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      {question?.kind === "text" && (
        <Textarea
          {...field}
          autosize
          minRows={2}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      {(question?.kind === "number" || question?.kind === "date") && (
        <TextInput
          {...field}
          type={question.kind === "date" ? "date" : "text"}
          inputMode={question.kind === "number" ? "decimal" : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
          }}
        />
      )}
      <div className={css.buttons}>
        {(choices.length === 0 || !step.required) && (
          <Button type="submit" variant={choices.length ? "default" : "filled"} loading={changing}>
            <Trans>Next</Trans>
          </Button>
        )}
        {back && (
          <Button variant="default" disabled={changing} onClick={back}>
            <Trans>Back</Trans>
          </Button>
        )}
      </div>
    </form>
  );
}
