import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import { HeldButton } from "@/parts/HeldButton";
import { Trouble } from "@/parts/Trouble";
import { useFormats } from "@/texts/format";

import { JOB_TEXTS } from "../imports/jobTexts";
import css from "./consents.module.css";
import { WORDS, type ConsentList } from "./words";

const MOVING = new Set<ConsentList["state"]>(["queued", "running"]);

/** One list: how far it is, what came in, and what could not be read. */
export function ListRow({ one }: { one: ConsentList }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const client = useQueryClient();
  const moves = MOVING.has(one.state);
  const params = { path: { id: one.id } };
  const read = () => client.invalidateQueries({ queryKey: ["consent", "lists"] });
  const stop = useMutation({
    mutationFn: () => answer(api.POST("/api/v1/consents/imports/{id}/cancel", { params })),
    onSuccess: read,
  });
  const forget = async () => {
    await answer(api.DELETE("/api/v1/consents/imports/{id}", { params }));
    await read();
  };
  const [added, known, rejected] = [one.added, one.known, one.rejected].map(formats.number);
  return (
    <li>
      <b className={one.word === "do_not_call" ? css.never : undefined}>{i18n._(WORDS[one.word])}</b>
      <span>
        {one.source} <small>{formats.date(one.created_at)}</small>
      </span>
      <span>
        {i18n._(JOB_TEXTS[one.state])}
        {moves && ` ${formats.percent(one.progress)}`}
      </span>
      <span>
        <Trans>
          new {added}, known {known}, not readable {rejected}
        </Trans>
        {one.note && <small lang="en"> {one.note}</small>}
      </span>
      <span className={css.acts}>
        {one.rejected > 0 && (
          <Button
            component="a"
            size="compact-sm"
            variant="default"
            download
            href={`/api/v1/consents/imports/${String(one.id)}/rejected`}
          >
            <Trans>Rejected rows</Trans>
          </Button>
        )}
        {moves ? (
          <Button
            size="compact-sm"
            variant="default"
            loading={stop.isPending}
            onClick={() => {
              stop.mutate();
            }}
          >
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <HeldButton
            id={`consent list ${String(one.id)}`}
            size="compact-sm"
            text={<Trans>Forget the list</Trans>}
            held={<Trans>It is forgotten.</Trans>}
            act={forget}
          />
        )}
      </span>
      <Trouble error={stop.error} />
    </li>
  );
}
