import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useMay } from "@/api/session";
import { hasDraft } from "@/drafts/useDraft";
import { BY_PLACE } from "@/parts/byPlace";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { useActions } from "@/shell/actions";

import css from "../work.module.css";
import { ComplaintRow } from "./ComplaintRow";
import { callComplaintsQuery } from "./complaints";
import { draftOf, NewComplaint } from "./NewComplaint";

interface Props {
  contact: number | null;
  call: string;
  talks: boolean;
}

/** What the call is about, the customer's other complaints that are not over, and the way to make one. */
export function OpenComplaints({ contact, call, talks }: Props) {
  const { t } = useLingui();
  const writes = useMay("complaints.write");
  const [making, setMaking] = useState(() => hasDraft(draftOf(call)));
  const [made, setMade] = useState<number | null>(null);
  const complaints = useQuery(callComplaintsQuery(call, contact));
  const found = complaints.data?.items;
  const begin = () => {
    if (writes) setMaking(true);
  };
  useHotkeys([["alt+C", begin, BY_PLACE]], []);
  useActions(
    writes ? [{ id: "complaint", title: t`New complaint`, icon: "complaint", keys: "Alt C", run: begin }] : [],
  );
  return (
    <Section
      title={<Trans>Complaints</Trans>}
      icon="complaint"
      count={found?.length}
      aside={
        writes &&
        !making && (
          <Button size="compact-sm" variant="default" leftSection={<Icon name="plus" size={14} />} onClick={begin}>
            <Trans>New complaint</Trans>
          </Button>
        )
      }
    >
      <Trouble error={complaints.error} />
      {making && (
        <NewComplaint
          contact={contact}
          call={call}
          done={(id) => {
            setMaking(false);
            setMade(id);
          }}
        />
      )}
      {found?.length === 0 && !making && (
        <Empty>
          <Trans>No complaint of the customer is open.</Trans>
        </Empty>
      )}
      <ul className={css.rows}>
        {found?.map((complaint) => (
          <ComplaintRow
            key={complaint.id}
            complaint={complaint}
            call={call}
            talks={talks}
            opened={complaint.call === call || found.length === 1}
            fresh={complaint.id === made}
          />
        ))}
      </ul>
    </Section>
  );
}
