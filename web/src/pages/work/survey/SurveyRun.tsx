import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useRef, useState, type FormEvent } from "react";

import { BY_PLACE } from "@/parts/byPlace";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { useActions } from "@/shell/actions";

import { answerText, askedOf, textOf } from "./choices";
import { QuestionForm } from "./QuestionForm";
import { useResponse, type Answer } from "./responses";
import css from "./survey.module.css";

interface Props {
  id: number;
  title: string;
  contact: number | null;
}

const MOST = 200; // characters of a reason

/** A survey that is asked: one question at a time, with what was answered; each answer is kept as it is given. */
export function SurveyRun({ id, title, contact }: Props) {
  const { t } = useLingui();
  const { response, change, error, changing } = useResponse(id, contact);
  const [corrects, setCorrects] = useState<string | null>(null);
  const [refuses, setRefuses] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const focus = () => place.current?.focus();
  useHotkeys([["alt+U", focus, BY_PLACE]], []);
  useActions([{ id: `survey ${String(id)}`, title: t`To the survey`, icon: "survey", keys: "Alt U", run: focus }]);
  const language = response?.language ?? "et";
  const question = response && askedOf(response, corrects);
  const give = (value: Answer, given: () => void) => {
    if (question === undefined) return;
    const onSuccess = () => {
      setCorrects(null);
      given();
    };
    change({ answers: { [question.code]: value } }, { onSuccess });
  };
  const refuse = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const onSuccess = () => {
      setRefuses(false);
    };
    change({ refuse: String(new FormData(event.currentTarget).get("reason") ?? "").trim() }, { onSuccess });
  };
  const isOpen = response?.state === "open";
  return (
    <Section
      title={title}
      icon="survey"
      aside={
        isOpen &&
        !refuses && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => {
              setRefuses(true);
            }}
          >
            <Trans>The customer refuses</Trans>
          </Button>
        )
      }
    >
      <div className={css.run} ref={place} tabIndex={-1}>
        <Trouble error={error} />
        {response === undefined && error === null && <Waiting />}
        {response && (
          <ol className={css.answers}>
            {response.answers
              .filter((one) => one.counts && one.question !== corrects)
              .map((one) => {
                const asked = response.questions.find((other) => other.code === one.question);
                const text = asked ? textOf(asked.texts, language) : one.question;
                return (
                  <li key={one.question} lang={language}>
                    <span>{text}</span> <b>{answerText(asked, one.value, language)}</b>
                    {isOpen && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        aria-label={t`Correct: ${text}`}
                        onClick={() => {
                          setCorrects(one.question);
                        }}
                      >
                        <Trans>Correct</Trans>
                      </Button>
                    )}
                  </li>
                );
              })}
          </ol>
        )}
        {isOpen && question && !refuses && (
          <QuestionForm
            key={question.code}
            question={question}
            language={language}
            given={response.answers.find((one) => one.question === question.code)?.value ?? null}
            place={`keskus.survey.${String(id)}.${question.code}`}
            changing={changing}
            give={give}
          />
        )}
        {isOpen && !question && !refuses && (
          <Button
            autoFocus
            loading={changing}
            onClick={() => {
              change({ finish: true });
            }}
          >
            <Trans>Finish the survey</Trans>
          </Button>
        )}
        {refuses && (
          <form className={css.run} onSubmit={refuse}>
            <TextInput name="reason" label={t`Why, if the customer says so`} maxLength={MOST} autoFocus />
            <div className={css.buttons}>
              <Button type="submit" size="compact-md" loading={changing}>
                <Trans>The customer refuses</Trans>
              </Button>
              <Button
                size="compact-md"
                variant="default"
                onClick={() => {
                  setRefuses(false);
                }}
              >
                <Trans>Back</Trans>
              </Button>
            </div>
          </form>
        )}
        {response?.state === "finished" && (
          <p role="status">
            <Trans>The survey is finished. Thank the customer.</Trans>
          </p>
        )}
        {response?.state === "refused" && (
          <p role="status">
            <Trans>The customer did not want to answer. What was answered is kept.</Trans>
          </p>
        )}
      </div>
    </Section>
  );
}
