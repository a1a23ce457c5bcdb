import { Trans } from "@lingui/react/macro";

import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { useMyself } from "@/live/useLive";
import { lookOf } from "@/pages/look/look";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";
import { Waiting } from "@/parts/Waiting";

import { CallDesk } from "./CallDesk";
import { IdleDesk } from "./IdleDesk";
import { OutgoingRefused } from "./OutgoingRefused";
import { RingAnnouncer } from "./RingAnnouncer";
import { useWork } from "./work";
import css from "./work.module.css";

const LookPanel = lazy(() => import("@/pages/look/LookPanel").then((part) => ({ default: part.LookPanel })));

/** Where an operator sits: waiting for a call, in a call, after a call. */
export function WorkPage() {
  const me = useMyself();
  const work = useWork();
  const navigate = useNavigate();
  const asked = lookOf(useSearch({ strict: false }).look);
  const look = asked && (
    <Suspense fallback={<Waiting />}>
      <LookPanel look={asked} close={() => void navigate({ to: "/work" })} />
    </Suspense>
  );
  if (me === undefined) {
    return (
      <Section title={<Trans>My work</Trans>} icon="headset">
        <Empty>
          <Trans>You take no calls: an administrator makes you an operator.</Trans>
        </Empty>
      </Section>
    );
  }
  return (
    <div className={css.work}>
      <RingAnnouncer work={work} />
      <OutgoingRefused />
      {work.call === null ? (
        <IdleDesk me={me} phase={work.phase} look={look} />
      ) : (
        <CallDesk
          key={work.call.id}
          me={me}
          work={work}
          call={work.call}
          pickAfterwards={work.pickAfterwards}
          look={look}
        />
      )}
    </div>
  );
}
