import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";

import { useMyself } from "@/live/useLive";
import { Icon } from "@/parts/Icon";

import { ConnectionWords } from "./ConnectionWords";
import { Devices } from "./Devices";
import { takeEarly } from "./early";
import { LineControls } from "./LineControls";
import { Notifier } from "./Notifier";
import { Phone } from "./phone";
import css from "./phone.module.css";
import { SERVICE } from "./service";
import { putPhone, usePhone } from "./slot";
import { current, ringing } from "./state";
import { Troubles } from "./Troubles";

/** Longer than the service takes to hear that the phone has registered. */
const REACHES_MS = 3_000;
/** Longer than the PBX takes to ring here once the service says that it does. */
const RINGS_MS = 800;

/** The phone in the page: whether it is ready, and the call that it rings for or is in. */
export function PhoneBar({ account }: { account: string }) {
  const { t } = useLingui();
  const [phone, setPhone] = useState<Phone | null>(null);
  useEffect(() => {
    const made = takeEarly(account) ?? new Phone(account, SERVICE);
    putPhone(made);
    setPhone(made); // eslint-disable-line react-hooks/set-state-in-effect -- it is made with the effect, and ends with it
    return () => {
      putPhone(null);
      made.close();
    };
  }, [account]);
  const state = usePhone();
  const reached = useReached(phone);
  const offered = useOffered(phone);
  const own = useMyself()?.call ?? null;
  if (phone === null) return null;
  const rings = ringing(state) !== undefined || offered;
  const line = current(state);
  const party = (state.holder === "here" && ringing(state)?.party) || "";
  const shown = rings ? "ringing" : line ? (line.held ? "on_hold" : "talking") : "idle";
  return (
    <section className={css.bar} data-state={shown} aria-label={t`Phone`}>
      <Notifier
        call={rings && state.holder === "here" ? (ringing(state)?.call ?? own) : null}
        party={party}
        silent={state.silent}
      />
      <ConnectionWords state={state} reached={reached} />
      {rings || state.lines.length > 0 ? <LineControls phone={phone} state={state} rings={rings} /> : null}
      <Troubles state={state} />
      <div className={css.end}>
        {(state.connection === "elsewhere" || state.connection === "refused") && state.holder === "here" && (
          <Button
            size="compact-sm"
            onClick={() => {
              phone.do({ do: "here" });
            }}
          >
            {state.connection === "refused" ? <Trans>Try again</Trans> : <Trans>Use the phone here</Trans>}
          </Button>
        )}
        {state.silent && ( // any click does it
          <Button size="compact-sm" leftSection={<Icon name="sound" size={14} />}>
            <Trans>Turn the ring tone on</Trans>
          </Button>
        )}
        {(state.pulled || state.failed) && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="check" size={14} />}
            onClick={() => {
              phone.do({ do: "seen" });
            }}
          >
            <Trans>Understood</Trans>
          </Button>
        )}
        {state.holder === "here" && <Devices phone={phone} trying={state.sound === "trying"} />}
      </div>
    </section>
  );
}

/** Whether my phone rings by the service's word, while here nothing does: the page was loaded anew meanwhile. */
function useOffered(phone: Phone | null): boolean {
  const state = usePhone();
  const me = useMyself();
  const missing =
    me?.routing === "ringing" && state.connection === "registered" && state.holder === "here" && !state.lines.length;
  const [offered, setOffered] = useState(false);
  // What rings as the page is loaded rang before, elsewhere: nothing will come here, and it rings on at once.
  const rangBefore = useRef(true);
  const routing = me?.routing ?? "ringing";
  useEffect(() => {
    rangBefore.current &&= routing === "ringing";
  }, [routing]);
  useEffect(() => {
    const late = setTimeout(
      () => {
        setOffered(missing);
        phone?.offer(missing);
      },
      missing && !rangBefore.current ? RINGS_MS : 0,
    );
    return () => {
      clearTimeout(late);
    };
  }, [missing, phone]);
  return offered && missing;
}

/** Whether the PBX reaches my phone, by the service's word: a page that thinks that it is registered may be wrong. */
function useReached(phone: Phone | null): boolean {
  const state = usePhone();
  const me = useMyself();
  const missing = me?.device === "unreachable" && state.connection === "registered";
  const [reached, setReached] = useState(true);
  useEffect(() => {
    const late = setTimeout(
      () => {
        setReached(!missing);
        phone?.isReached(!missing);
      },
      missing ? REACHES_MS : 0,
    );
    return () => {
      clearTimeout(late);
    };
  }, [missing, phone]);
  return reached || !missing;
}
