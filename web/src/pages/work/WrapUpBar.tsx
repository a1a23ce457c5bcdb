import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { Operator } from "@/live/floor";
import { BY_PLACE } from "@/parts/byPlace";
import { Icon } from "@/parts/Icon";
import { TimeLeft } from "@/parts/TimeLeft";
import { Trouble } from "@/parts/Trouble";
import { useActions } from "@/shell/actions";

import css from "./card.module.css";

/** The work after a call: how long it goes on, and the way to end it. */
export function WrapUpBar({ me }: { me: Operator }) {
  const { t } = useLingui();
  const end = useMutation({ mutationFn: () => answer(api.POST("/api/v1/me/wrap-up/end")) });
  const owes = Boolean(me.talked?.required && !me.talked.disposed);
  useHotkeys(
    [
      [
        "alt+W",
        () => {
          if (!owes) end.mutate();
        },
        BY_PLACE,
      ],
    ],
    [],
  );
  useActions(
    owes
      ? []
      : [
          {
            id: "wrap-up",
            title: t`End wrap-up`,
            icon: "check",
            keys: "Alt W",
            run: () => {
              end.mutate();
            },
          },
        ],
  );
  return (
    <section className={css.bar} data-state="wrap_up" aria-label={t`Wrap-up`}>
      <p>
        <b>
          <Trans>Wrap-up</Trans>
        </b>
        {me.wrap_up_until !== null && (
          <span>
            <Trans>time left</Trans> <TimeLeft until={me.wrap_up_until} />
          </span>
        )}
        {owes && (
          <span>
            <Trans>It goes on until you set the result of the call.</Trans>
          </span>
        )}
      </p>
      <Button
        leftSection={<Icon name="check" />}
        disabled={owes}
        loading={end.isPending}
        onClick={() => {
          end.mutate();
        }}
      >
        <Trans>End wrap-up</Trans>
      </Button>
      <Trouble error={end.error} />
    </section>
  );
}
