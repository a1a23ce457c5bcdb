import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { components } from "@/api/contract";
import { Icon } from "@/parts/Icon";

import css from "./setup.module.css";
import { STEP_TEXTS } from "./stepTexts";

interface Props {
  step: components["schemas"]["Step"];
  /** It is the one to be taken now. */
  next: boolean;
}

/** One step: whether it is done, what it is for, and the way there. */
export function StepRow({ step, next }: Props) {
  const { i18n } = useLingui();
  const { title, about, link } = STEP_TEXTS[step.name];
  return (
    <li className={css.step} data-done={step.done} aria-current={next ? "step" : undefined}>
      <span className={css.mark}>{step.done && <Icon name="check" size={16} />}</span>
      <div>
        <h2>
          {i18n._(title)}
          <span>{step.done ? <Trans>done</Trans> : <Trans>to do</Trans>}</span>
        </h2>
        {step.detail && <p>{step.detail}</p>}
        {!step.done && <p>{i18n._(about)}</p>}
      </div>
      {link && (
        <Button
          variant={next ? "filled" : "default"}
          renderRoot={(props) =>
            link.id ? (
              <Link to="/admin/$subject/$id" params={{ subject: link.subject, id: link.id }} {...props} />
            ) : (
              <Link to="/admin/$subject" params={{ subject: link.subject }} {...props} />
            )
          }
        >
          {i18n._(link.text)}
        </Button>
      )}
    </li>
  );
}
