import { Trans, useLingui } from "@lingui/react/macro";

import css from "./phone.module.css";
import type { Quality } from "./quality";

/** How well the sound gets through: a word, and the figures for whoever has to find out why. */
export function QualityWords({ quality }: { quality: Quality }) {
  const { i18n, t } = useLingui();
  const loss = i18n.number(quality.loss, { style: "percent", maximumFractionDigits: 1 });
  const { jitterMs, roundTripMs, word } = quality;
  const figures = [t`lost ${loss}, jitter ${jitterMs} ms`];
  if (roundTripMs !== null) figures.push(t`round trip ${roundTripMs} ms`);
  return (
    <p className={css.quality} data-word={word} data-figures title={figures.join(", ")}>
      <span aria-hidden className={css.bars}>
        <i />
        <i />
        <i />
      </span>
      <b>{word === "good" ? <Trans>Good</Trans> : word === "fair" ? <Trans>Fair</Trans> : <Trans>Poor</Trans>}</b>
      <small>{figures.join(", ")}</small>
    </p>
  );
}
