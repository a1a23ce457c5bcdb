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
import css from "./health.module.css";

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
      <div className={shape.scroll} tabIndex={0} role="region" aria-label={t`All settings`}>
        <table className={shape.table}>
          <thead>
            <tr>
              <th scope="col">
                <Trans>Setting</Trans>
              </th>
              <th scope="col">
                <Trans>Value</Trans>
              </th>
              <th scope="col">
                <Trans>Comes from</Trans>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.path}>
                <th scope="row">
                  {one.path}
                  <small className={css.about} lang="en">
                    {one.about}
                  </small>
                </th>
                <td>
                  <code>{one.value}</code>
                </td>
                <td>{one.origin === "default" ? <Trans>nobody: the default</Trans> : one.origin}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
