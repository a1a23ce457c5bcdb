import { Trans } from "@lingui/react/macro";

import shape from "../shape/shape.module.css";
import { Checks } from "./Checks";
import css from "./health.module.css";
import { Readiness } from "./Readiness";
import { SettingsTable } from "./SettingsTable";

/** Whether all is well, and how the service is set. */
export function HealthPage() {
  return (
    <div className={css.health}>
      <header className={shape.top}>
        <div>
          <h1>
            <Trans>Health and settings</Trans>
          </h1>
          <p>
            <Trans>Settings are changed on the service's machine, and hold from its next start.</Trans>
          </p>
        </div>
      </header>
      <Readiness />
      <Checks />
      <SettingsTable />
    </div>
  );
}
