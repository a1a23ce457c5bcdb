import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "../shape/shape.module.css";
import { STATE_TEXTS, type Published } from "./stateTexts";

interface Props {
  subject: string;
  state: Published;
  put: (state: Exclude<Published, "draft">) => Promise<unknown>;
}

/** Whether operators have it, and the button that changes that. */
export function PublishState({ subject, state, put }: Props) {
  const { i18n } = useLingui();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: put,
    onSuccess: () => client.invalidateQueries({ queryKey: ["admin", subject] }),
  });
  const words = i18n._(STATE_TEXTS[state]);
  return (
    <Section title={<Trans>For operators: {words}</Trans>} className={css.below}>
      <p className={css.hint}>
        <Trans>What is saved above is what gets published. What is withdrawn stays here.</Trans>
      </p>
      <Trouble error={change.error} />
      <div className={css.buttons}>
        <Button
          loading={change.isPending}
          onClick={() => {
            change.mutate("published");
          }}
        >
          {state === "published" ? <Trans>Publish what was changed</Trans> : <Trans>Publish</Trans>}
        </Button>
        {state === "published" && (
          <Button
            variant="default"
            loading={change.isPending}
            onClick={() => {
              change.mutate("withdrawn");
            }}
          >
            <Trans>Withdraw</Trans>
          </Button>
        )}
      </div>
    </Section>
  );
}
