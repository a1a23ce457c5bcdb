import { Trans } from "@lingui/react/macro";

import { useMyself } from "@/live/useLive";
import { Empty } from "@/parts/Empty";
import { Section } from "@/parts/Section";

import { CallDesk } from "./CallDesk";
import { IdleDesk } from "./IdleDesk";
import { OutgoingRefused } from "./OutgoingRefused";
import { RingAnnouncer } from "./RingAnnouncer";
import { useWork } from "./work";
import css from "./work.module.css";

/** Where an operator sits: waiting for a call, in a call, after a call. */
export function WorkPage() {
  const me = useMyself();
  const work = useWork();
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
        <IdleDesk me={me} phase={work.phase} />
      ) : (
        <CallDesk key={work.call.id} me={me} work={work} call={work.call} pickAfterwards={work.pickAfterwards} />
      )}
    </div>
  );
}
