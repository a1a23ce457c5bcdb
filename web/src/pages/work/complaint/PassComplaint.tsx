import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, Radio, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";

import { useDraft } from "@/drafts/useDraft";
import { Empty } from "@/parts/Empty";
import { PhoneNumber } from "@/parts/PhoneNumber";
import { Trouble } from "@/parts/Trouble";
import { useLanguage } from "@/texts/speaking";

import { titleOf } from "../disposing";
import css from "./complaint.module.css";
import { departmentsQuery, usePass, type How } from "./complaints";

interface Props {
  id: number;
  call: string | null;
  talks: boolean;
  done: () => void;
}

interface Form {
  /** The department's id; empty: none is chosen. */
  department: string;
  why: string;
  how: How | null;
}

const EMPTY: Form = { department: "", why: "", how: null };

/** Passes a complaint to a department: alone, with the call at once, or with it when the two have talked. */
export function PassComplaint({ id, call, talks, done }: Props) {
  const { t } = useLingui();
  const language = useLanguage();
  const departments = useQuery(departmentsQuery);
  const { form, change, clear } = useDraft<Form>(`keskus.pass.${String(id)}`, EMPTY);
  const pass = usePass(id, call);
  const how = talks ? (form.how ?? "blind") : "alone";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!form.department) return;
    pass.mutate({ department: Number(form.department), why: form.why, how }, { onSuccess: clear });
  };
  const target = pass.data?.target;
  const passed = pass.variables?.how; // the form is empty by now
  if (pass.isSuccess) {
    return (
      <div className={css.sent} role="status">
        {passed === "talk_first" && target ? (
          <p>
            <Trans>They have the complaint. Call them, and transfer the customer when you have talked:</Trans>{" "}
            <PhoneNumber number={target.number} />
          </p>
        ) : passed === "blind" ? (
          <p>
            <Trans>The call goes to them, with the complaint.</Trans>
          </p>
        ) : (
          <p>
            <Trans>They have the complaint.</Trans>
          </p>
        )}
        <Button size="compact-sm" variant="default" onClick={done}>
          <Trans>Close</Trans>
        </Button>
      </div>
    );
  }
  return (
    <form className={css.passing} onSubmit={submit}>
      {departments.data?.length === 0 && (
        <Empty>
          <Trans>There is no department yet. An administrator makes them.</Trans>
        </Empty>
      )}
      <NativeSelect
        label={t`To which department`}
        size="xs"
        required
        autoFocus
        value={form.department}
        onChange={(event) => {
          change({ department: event.currentTarget.value });
        }}
        data={[
          { value: "", label: t`choose` },
          ...(departments.data ?? []).map((one) => ({ value: String(one.id), label: titleOf(one, language) })),
        ]}
      />
      <Textarea
        label={t`A word to them`}
        size="xs"
        autosize
        minRows={1}
        maxRows={5}
        value={form.why}
        onChange={(event) => {
          change({ why: event.currentTarget.value });
        }}
      />
      {talks && (
        <Radio.Group
          label={t`How`}
          size="xs"
          value={how}
          onChange={(chosen) => {
            change({ how: chosen as How });
          }}
        >
          <div className={css.ways}>
            <Radio value="blind" label={t`with the call, at once`} />
            <Radio value="talk_first" label={t`with the call, but talk with them first`} />
            <Radio value="alone" label={t`the complaint alone`} />
          </div>
        </Radio.Group>
      )}
      <Trouble error={pass.error ?? departments.error} />
      <div className={css.steps}>
        <Button type="submit" size="compact-md" loading={pass.isPending} disabled={!form.department}>
          <Trans>Pass on</Trans>
        </Button>
        <Button
          size="compact-md"
          variant="default"
          onClick={() => {
            clear();
            done();
          }}
        >
          <Trans>Back</Trans>
        </Button>
      </div>
    </form>
  );
}
