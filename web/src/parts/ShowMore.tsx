import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";

interface Props {
  /** What an infinite query found. */
  found: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** Brings the next page of a list, where there is one. */
export function ShowMore({ found }: Props) {
  if (!found.hasNextPage) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={found.isFetchingNextPage}
      onClick={() => void found.fetchNextPage()}
    >
      <Trans>Show more</Trans>
    </Button>
  );
}
