import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";

import type { components } from "@/api/contract";
import { useFormats } from "@/texts/format";

import shape from "../shape/shape.module.css";
import css from "./sounds.module.css";

interface Props {
  sound: components["schemas"]["SoundOut"];
  /** Undefined: it may not be removed. */
  remove: (() => void) | undefined;
}

/** One sound: what is said in it, to be heard, and how others name it. */
export function SoundRow({ sound, remove }: Props) {
  const { t } = useLingui();
  const { date } = useFormats();
  const { name } = sound;
  return (
    <tr>
      <th scope="row">
        {sound.title || name}
        <small>
          <code>{sound.message}</code>
        </small>
      </th>
      <td>
        <audio
          className={css.player}
          controls
          preload="none"
          aria-label={t`Play ${name}`}
          src={`/api/v1/sounds/${encodeURIComponent(name)}`}
        />
      </td>
      <td>{date(sound.created_at)}</td>
      <td className={shape.actions}>
        {remove && (
          <Button size="compact-xs" variant="default" aria-label={t`Take away: ${name}`} onClick={remove}>
            <Trans>Take away</Trans>
          </Button>
        )}
      </td>
    </tr>
  );
}
