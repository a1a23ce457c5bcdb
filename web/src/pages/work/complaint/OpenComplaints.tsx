import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { openComplaintsQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { hasDraft } from "@/drafts/useDraft";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import css from "../work.module.css";
import { ComplaintRow } from "./ComplaintRow";
import { draftOf, NewComplaint } from "./NewComplaint";

/** The contact's complaints that are not over, and the way to make one. */
export function OpenComplaints({ contact, call }: { contact: number; call: string }) {
  const writes = useMay("complaints.write");
  const [making, setMaking] = useState(() => hasDraft(draftOf(call)));
  const complaints = useQuery(openComplaintsQuery(contact));
  const found = complaints.data?.items;
  return (
    <Section
      title={<Trans>Complaints</Trans>}
      icon="complaint"
      count={found?.length}
      aside={
        writes &&
        !making && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="plus" size={14} />}
            onClick={() => {
              setMaking(true);
            }}
          >
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
          done={() => {
            setMaking(false);
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
          <ComplaintRow key={complaint.id} complaint={complaint} />
        ))}
      </ul>
    </Section>
  );
}
