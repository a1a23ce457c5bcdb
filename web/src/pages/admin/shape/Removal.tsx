import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { HeldButton } from "@/parts/HeldButton";
import { Section } from "@/parts/Section";

import css from "./shape.module.css";
import type { AnySubject } from "./subject";

interface Props {
  subject: AnySubject;
  id: string;
  tag: string;
  label: string;
  gone: () => void;
}

/** Takes a thing away for good, unless that is called off. */
export function Removal({ subject, id, tag, label, gone }: Props) {
  const { i18n } = useLingui();
  const client = useQueryClient();
  const looked = useRef(true);
  useEffect(() => {
    looked.current = true;
    return () => {
      looked.current = false;
    };
  }, []);
  const remove = async () => {
    await subject.remove?.(id, tag);
    if (looked.current) gone();
    await client.invalidateQueries({ queryKey: ["admin", subject.name, "list"] });
    await client.invalidateQueries({ queryKey: ["options"] });
  };
  return (
    <Section title={<Trans>Take away</Trans>}>
      <p className={css.hint}>
        {subject.removal ? (
          i18n._(subject.removal)
        ) : (
          <Trans>Refused while something leads to it. Records of what happened stay.</Trans>
        )}
      </p>
      <HeldButton
        id={`${subject.name} ${id}`}
        text={<Trans>Take away</Trans>}
        held={<Trans>“{label}” is taken away.</Trans>}
        act={remove}
      />
    </Section>
  );
}
