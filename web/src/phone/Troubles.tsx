import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Icon } from "@/parts/Icon";
import { useFormats, type Formats } from "@/texts/format";

import css from "./phone.module.css";
import type { PhoneState } from "./state";

const BUSY = ["486", "600", "603"];
const UNKNOWN = ["404", "484", "604"];
const REFUSED = ["403", "488"];

/** What is wrong with sound or with the last call, and what to do. */
export function Troubles({ state }: { state: PhoneState }) {
  const said = trouble(state, useFormats());
  return (
    <p role="alert" className={css.trouble} hidden={said === null}>
      <Icon name="complaint" size={16} />
      {said}
    </p>
  );
}

function trouble(state: PhoneState, { time }: Formats): ReactNode {
  if (state.silent) return <Trans>The ring tone is off until you click in the page, or press a key</Trans>;
  if (state.sound === "no_microphone")
    return <Trans>No microphone: allow it beside the address of the page, or plug one in; then press Available</Trans>;
  if (state.sound === "silent")
    return <Trans>The microphone gives no sound: is it switched off, or is another one meant?</Trans>;
  if (state.pulled === "microphone") return <Trans>The microphone was unplugged: another one is used now</Trans>;
  if (state.pulled === "last_microphone")
    return <Trans>The microphone was unplugged, and there is no other: plug one in, and you are heard again</Trans>;
  if (state.pulled === "speaker") return <Trans>The speaker was unplugged: another one is used now</Trans>;
  if (state.worksUntil !== null) {
    const until = time(state.worksUntil);
    return <Trans>The service does not renew this phone: calls come until {until}. It is tried again.</Trans>;
  }
  if (state.lines.some((line) => line.transfer === "failed"))
    return <Trans>The transfer was refused; you are still in the call</Trans>;
  if (!state.failed) return null;
  if (BUSY.includes(state.failed)) return <Trans>They are busy, or declined the call</Trans>;
  if (UNKNOWN.includes(state.failed)) return <Trans>The number is not in service</Trans>;
  if (REFUSED.includes(state.failed)) return <Trans>This number may not be called</Trans>;
  return <Trans>Nobody was reached</Trans>;
}
