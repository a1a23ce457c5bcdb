import { Trans } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { Empty } from "@/parts/Empty";

import { lookOf } from "./look";
import css from "./look.module.css";
import { LookPanel } from "./LookPanel";

/** One thing on a page of its own, for those who take no calls. */
export function LookPage() {
  const { look } = useSearch({ strict: false });
  const navigate = useNavigate();
  const asked = lookOf(look);
  return (
    <div className={css.page}>
      {asked === undefined ? (
        <Empty>
          <Trans>Search with Ctrl K.</Trans>
        </Empty>
      ) : (
        <LookPanel look={asked} close={() => void navigate({ to: "/" })} />
      )}
    </div>
  );
}
