import { Trans, useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answer, api } from "@/api/client";
import { Icon } from "@/parts/Icon";
import { Section } from "@/parts/Section";
import { Trouble } from "@/parts/Trouble";
import { Waiting } from "@/parts/Waiting";

import { fitting } from "../shape/fitting";
import shape from "../shape/shape.module.css";
import { SettingRows } from "./SettingRows";

/** Every setting: its value, and where it comes from. */
export function SettingsTable() {
  const { t } = useLingui();
  const [typed, setTyped] = useState("");
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => answer(api.GET("/api/v1/settings")) });
  const rows = settings.data?.filter((one) => fitting([one.path, one.about, one.value, one.origin], typed)) ?? [];
  return (
    <Section title={<Trans>Settings</Trans>} count={rows.length}>
      <Trouble error={settings.error} />
      {settings.isPending && <Waiting lines={6} />}
      <TextInput
        type="search"
        className={shape.search}
        aria-label={t`Search in settings`}
        placeholder={t`Search`}
        leftSection={<Icon name="search" size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
        }}
      />
      <SettingRows rows={rows} label={t`All settings`} />
    </Section>
  );
}
