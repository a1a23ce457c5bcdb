import { useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";

import { Icon } from "@/parts/Icon";

/** Puts the thing aside that is looked at. */
export function Close({ close }: { close: () => void }) {
  const { t } = useLingui();
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={t`Close`} onClick={close}>
      <Icon name="close" />
    </ActionIcon>
  );
}
