import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Empty } from "@/parts/Empty";

export function NotFound() {
  return (
    <Empty>
      <Trans>There is no such page.</Trans>{" "}
      <Link to="/">
        <Trans>Go to the beginning</Trans>
      </Link>
    </Empty>
  );
}
