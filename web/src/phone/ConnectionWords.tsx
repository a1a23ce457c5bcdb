import { Trans } from "@lingui/react/macro";

import { Icon } from "@/parts/Icon";

import css from "./phone.module.css";
import { takesCalls, type PhoneState } from "./state";

/** Whether the phone is ready, in words. */
export function ConnectionWords({ state, reached }: { state: PhoneState; reached: boolean }) {
  const ready = takesCalls(state) && reached;
  return (
    <p className={css.connection} data-ready={ready} role="status">
      <Icon name={ready || state.lines.length > 0 ? "phone" : "silent"} size={16} />
      {words(state, reached)}
    </p>
  );
}

function words(state: PhoneState, reached: boolean) {
  switch (state.connection) {
    case "off":
    case "connecting":
      return <Trans>Phone is connecting</Trans>;
    case "elsewhere":
      return <Trans>Your phone is in another browser</Trans>;
    case "refused":
      return <Trans>The phone cannot be started: ask an administrator</Trans>;
    case "insecure":
      return <Trans>The phone needs a page that is opened with https</Trans>;
    case "unencrypted":
      return (
        <Trans>The phone needs an encrypted address: an administrator sets KESKUS__PBX__WEBSOCKET_URL to wss://</Trans>
      );
    case "registered":
      if (!reached) return <Trans>Phone is connecting</Trans>;
      if (state.holder === "other") return <Trans>Your phone is in another tab</Trans>;
      if (state.sound === "untried") return <Trans>Press Available to try microphone and speaker</Trans>;
      if (state.sound === "trying") return <Trans>Trying microphone and speaker</Trans>;
      return <Trans>Phone is ready</Trans>;
  }
}
