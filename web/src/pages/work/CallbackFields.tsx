import { Trans, useLingui } from "@lingui/react/macro";
import { Button, NativeSelect, TextInput } from "@mantine/core";

import type { Ref } from "react";

import { useLiveStore } from "@/live/useLive";

import { forInput, type Disposing } from "./disposing";
import dispositionCss from "./disposition.module.css";
import css from "./work.module.css";

const HOUR_MS = 3_600_000;
const MORNING = 10; // o'clock

/**
 * When the customer is to be called back, and by whom.
 *
 * @param when where the time is typed.
 * @param by the one operator who may be chosen, in words; undefined: anybody calls.
 */
export function CallbackFields({ form, when, by }: { form: Disposing; when: Ref<HTMLInputElement>; by?: string }) {
  const { t } = useLingui();
  const { line } = useLiveStore();
  const inAnHour = () => {
    form.setAt(forInput(new Date(line.now() + HOUR_MS)));
  };
  const tomorrow = () => {
    const morning = new Date(line.now() + 24 * HOUR_MS);
    morning.setHours(MORNING, 0, 0, 0);
    form.setAt(forInput(morning));
  };
  return (
    <div className={dispositionCss.callback}>
      <TextInput
        ref={when}
        type="datetime-local"
        label={t`When to call back`}
        required
        value={form.at}
        onChange={(event) => {
          form.setAt(event.currentTarget.value);
        }}
      />
      {by !== undefined && (
        <NativeSelect
          label={t`Who calls`}
          value={form.byMe ? "me" : "any"}
          onChange={(event) => {
            form.setByMe(event.currentTarget.value === "me");
          }}
          data={[
            { value: "me", label: by },
            { value: "any", label: t`anybody` },
          ]}
        />
      )}
      <div className={css.buttons}>
        <Button size="compact-sm" variant="default" onClick={inAnHour}>
          <Trans>In an hour</Trans>
        </Button>
        <Button size="compact-sm" variant="default" onClick={tomorrow}>
          <Trans>Tomorrow at 10:00</Trans>
        </Button>
      </div>
    </div>
  );
}
