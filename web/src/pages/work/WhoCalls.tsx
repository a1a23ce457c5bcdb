import { Trans } from "@lingui/react/macro";
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQueries } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { contactQuery } from "@/api/queries";
import { useMay } from "@/api/session";
import { hasDraft } from "@/drafts/useDraft";
import type { Call } from "@/live/floor";
import { Empty } from "@/parts/Empty";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";

import { FindContact } from "./FindContact";
import { NewContact, newContactOf } from "./NewContact";
import css from "./work.module.css";

interface Props {
  call: Call;
  /** The contact that was picked; null: none yet. */
  contact: number | null;
  /** The call is over: its record takes the pick. */
  over: boolean;
  pickAfterwards: (contact: number) => void;
}

/** Nobody, or several people, have the caller's number: pick one, find one, or make one. */
export function WhoCalls({ call, contact, over, pickAfterwards }: Props) {
  const [how, setHow] = useState<"pick" | "make" | "find">(() => (hasDraft(newContactOf(call.id)) ? "make" : "pick"));
  const writes = useMay("contacts.write");
  const candidates = useQueries({ queries: call.matches.map((id) => contactQuery(id)) });
  const picked = (id: number) => {
    if (over) pickAfterwards(id);
    setHow("pick");
  };
  const pick = useMutation({
    mutationFn: async (id: number) => {
      const params = { path: { id: call.id } };
      if (over) await answer(api.POST("/api/v1/calls/{id}/contacts", { params, body: { contact: id } }));
      else await answer(api.POST("/api/v1/calls/{id}/contact", { params, body: { contact: id } }));
      return id;
    },
    onSuccess: picked,
  });
  const back = () => {
    setHow("pick");
  };
  if (contact !== null) return null;
  return (
    <Section title={<Trans>Who is calling?</Trans>} icon="user">
      {how === "make" && (
        <NewContact call={call.id} number={call.caller_number} name={call.caller_name} made={picked} cancel={back} />
      )}
      {how === "find" && <FindContact picked={pick.mutate} cancel={back} />}
      {how === "pick" && (
        <div className={css.picker}>
          {call.matches.length === 0 ? (
            <Empty>
              <Trans>No contact has this number.</Trans>
            </Empty>
          ) : (
            <Empty>
              <Trans>Several contacts have this number.</Trans>
            </Empty>
          )}
          {candidates.map(({ data, isPending }, at) =>
            isPending ? (
              <Skeleton key={call.matches[at]} height={46} />
            ) : (
              data && (
                <Button
                  key={data.id}
                  variant="light"
                  h="auto"
                  mih={46}
                  py={6}
                  justify="flex-start"
                  disabled={pick.isPending}
                  onClick={() => {
                    pick.mutate(data.id);
                  }}
                >
                  <span className={css.candidate}>
                    <b>{data.name}</b>
                    <small>{data.company_name || data.note.slice(0, 80)}</small>
                  </span>
                </Button>
              )
            ),
          )}
          <div className={css.buttons}>
            <Button
              variant="default"
              leftSection={<Icon name="search" size={16} />}
              onClick={() => {
                setHow("find");
              }}
            >
              <Trans>Find a contact</Trans>
            </Button>
            {writes && (
              <Button
                variant="default"
                leftSection={<Icon name="plus" size={16} />}
                onClick={() => {
                  setHow("make");
                }}
              >
                <Trans>New contact</Trans>
              </Button>
            )}
          </div>
        </div>
      )}
      <Trouble error={pick.error} />
    </Section>
  );
}
