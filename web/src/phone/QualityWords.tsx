import { Trans, useLingui } from "@lingui/react/macro";

import css from "./phone.module.css";
import type { Quality } from "./quality";

/** How well the sound gets through: a word, and the figures for whoever has to find out why. */
export function QualityWords({ quality }: { quality: Quality }) {
  const { i18n } = useLingui();
  const loss = i18n.number(quality.loss, { style: "percent", maximumFractionDigits: 1 });
  const { jitterMs, roundTripMs, word } = quality;
  return (
    <p className={css.quality} data-word={word} data-figures>
      <span aria-hidden className={css.bars}>
        <i />
        <i />
        <i />
      </span>
      <b>{word === "good" ? <Trans>Good</Trans> : word === "fair" ? <Trans>Fair</Trans> : <Trans>Poor</Trans>}</b>
      <small>
        <Trans>
          lost {loss}, jitter {jitterMs} ms
        </Trans>
        {roundTripMs !== null && (
          <>
            , <Trans>round trip {roundTripMs} ms</Trans>
          </>
        )}
      </small>
    </p>
  );
}
