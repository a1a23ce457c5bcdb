import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { components } from "@/api/contract";
import { useLiveStore } from "@/live/useLive";
import { BY_PLACE } from "@/parts/byPlace";
import { Icon } from "@/parts/Icon";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { TimeLeft } from "@/parts/TimeLeft";
import { Trouble } from "@/parts/Trouble";
import { useActions } from "@/shell/actions";
import { useFormats } from "@/texts/format";

import { SKIPS } from "./skips";
import cardCss from "./card.module.css";
import css from "./work.module.css";

/** The next customer of a campaign: read first, then dial or skip. */
export function Preview({ preview }: { preview: components["schemas"]["PreviewView"] }) {
  const { i18n, t } = useLingui();
  const { ordinal } = preview;
  const { line } = useLiveStore();
  const formats = useFormats();
  const dial = useMutation({ mutationFn: () => answer(api.POST("/api/v1/me/preview/dial")) });
  const skip = useMutation({
    mutationFn: (reason: string) => answer(api.POST("/api/v1/me/preview/skip", { body: { reason } })),
  });
  useHotkeys(
    [
      [
        "alt+D",
        () => {
          if (!preview.dialled) dial.mutate();
        },
        BY_PLACE,
      ],
    ],
    [],
  );
  useActions(
    preview.dialled
      ? []
      : [
          {
            id: "preview dial",
            title: t`Dial`,
            icon: "phone",
            keys: "Alt D",
            run: () => {
              dial.mutate();
            },
          },
          ...Object.entries(SKIPS).map(([reason, text]) => {
            const why = i18n._(text);
            return {
              id: `preview skip ${reason}`,
              title: t`Skip: ${why}`,
              icon: "close" as const,
              run: () => {
                skip.mutate(reason);
              },
            };
          }),
        ],
  );
  const callback = preview.callback_at === null ? "" : formats.moment(preview.callback_at, line.now());
  return (
    <section className={cardCss.card} data-state="previewing" aria-labelledby="preview-title">
      <div className={cardCss.kind}>
        <Trans>Next customer</Trans> · {preview.title} · <Trans>attempt {ordinal}</Trans>
      </div>
      <h1 id="preview-title">{preview.contact_name || <PhoneNumber number={preview.number} />}</h1>
      {preview.contact_name && (
        <p className={cardCss.number}>
          <PhoneNumber number={preview.number} />
        </p>
      )}
      {callback && (
        <p>
          <Trans>asked to be called at {callback}</Trans>
        </p>
      )}
      <dl className={css.columns}>
        {preview.columns.map((column) => (
          <div key={column.name}>
            <dt>{column.name}</dt>
            <dd>{column.value}</dd>
          </div>
        ))}
      </dl>
      <div className={css.buttons}>
        <Button
          leftSection={<Icon name="phone" />}
          loading={preview.dialled || dial.isPending}
          onClick={() => {
            dial.mutate();
          }}
        >
          <Trans>Dial</Trans>
        </Button>
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <Button variant="default" disabled={preview.dialled} rightSection={<Icon name="down" size={14} />}>
              <Trans>Skip</Trans>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>
              <Trans>Reason to skip</Trans>
            </Menu.Label>
            {Object.entries(SKIPS).map(([reason, text]) => (
              <Menu.Item
                key={reason}
                onClick={() => {
                  skip.mutate(reason);
                }}
              >
                {i18n._(text)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        {preview.until !== null && !preview.dialled && (
          <span className={css.about}>
            <TimeLeft until={preview.until} /> –{" "}
            {preview.dials_itself ? <Trans>then it is dialled</Trans> : <Trans>then it is given back</Trans>}
          </span>
        )}
      </div>
      <Trouble error={dial.error ?? skip.error} />
    </section>
  );
}
