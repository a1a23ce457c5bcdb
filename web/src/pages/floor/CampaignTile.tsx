import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import { answer, api } from "@/api/client";
import { useMay } from "@/api/session";
import { useLive } from "@/live/useLive";
import { Icon } from "@/parts/Icon";
import { Trouble } from "@/parts/Trouble";
import { BOUND_TEXTS, LACK_TEXTS, MODE_TEXTS, RULE_TEXTS } from "@/texts/campaigns";
import { useFormats } from "@/texts/format";

import css from "./floor.module.css";
import { abandonedShare, isOverLimit } from "./limits";

const MOST_RULES = 3;

/** A campaign: how many calls it places and what keeps it from more, whom the rules stop, who was left without an operator. */
export function CampaignTile({ id }: { id: number }) {
  const { i18n } = useLingui();
  const formats = useFormats();
  const runs = useMay("campaigns.run");
  const campaign = useLive(({ floor }) => floor.campaigns.get(id));
  const turn = useMutation({
    mutationFn: (state: "running" | "paused") =>
      answer(api.PUT("/api/v1/campaigns/{id}/state", { params: { path: { id } }, body: { state, reason: "" } })),
  });
  if (campaign === undefined) return null;
  const { pacing } = campaign;
  const over = isOverLimit(campaign);
  const share = abandonedShare(campaign);
  const limit = pacing === null ? "" : formats.percent(pacing.limit);
  const lacks = campaign.lacks.map((lack) => i18n._(LACK_TEXTS[lack])).join(", ");
  const underway = formats.number(campaign.attempts);
  return (
    <article className={css.tile} data-level={over ? "over" : "calm"} aria-label={campaign.title}>
      <h3>
        <Link to="/campaigns/$id" params={{ id: String(id) }}>
          {campaign.title}
        </Link>
        <small>{i18n._(MODE_TEXTS[campaign.mode])}</small>
      </h3>
      <div className={css.figures}>
        <p>
          <b data-figures>{formats.number(campaign.attempts)}</b>
          <small>
            <Trans>calls under way</Trans>
          </small>
        </p>
        <p>
          <b data-figures>{share === null ? "–" : formats.percent(share)}</b>
          <small>
            {over ? (
              <Trans>without an operator, over {limit}</Trans>
            ) : (
              <Trans>without an operator, at most {limit}</Trans>
            )}
          </small>
        </p>
      </div>
      <p className={css.said}>
        {campaign.running ? (
          pacing && i18n._(BOUND_TEXTS[pacing.bound])
        ) : (
          <Trans>Not dialling. Calls under way: {underway}</Trans>
        )}
      </p>
      {campaign.lacks.length > 0 && (
        <p className={css.said}>
          <Trans>Missing: {lacks}</Trans>
        </p>
      )}
      {campaign.stopped.length > 0 && (
        <ul className={css.stopped}>
          {campaign.stopped.slice(0, MOST_RULES).map((one) => {
            const rule = RULE_TEXTS[one.rule];
            return (
              <li key={one.rule}>
                <b data-figures>{formats.number(one.leads)}</b>{" "}
                <Link to="/campaigns/$id" params={{ id: String(id) }} search={{ rule: one.rule as never }} hash="leads">
                  {rule ? i18n._(rule) : one.rule}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      {runs && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Icon name={campaign.running ? "pause" : "play"} size={14} />}
          loading={turn.isPending}
          onClick={() => {
            turn.mutate(campaign.running ? "paused" : "running");
          }}
        >
          {campaign.running ? <Trans>Pause</Trans> : <Trans>Run</Trans>}
        </Button>
      )}
      <Trouble error={turn.error} />
    </article>
  );
}
