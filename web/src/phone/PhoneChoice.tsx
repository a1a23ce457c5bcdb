import { Trans } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMe } from "@/api/session";
import { Icon } from "@/parts/Icon";

import { myPhoneQuery, useChoosePhone, type PhoneKind } from "./myPhone";

/** Whether I talk in this page or at a desk phone. */
export function PhoneChoice() {
  const phone = useQuery(myPhoneQuery(useMe().operator));
  const choose = useChoosePhone();
  const item = (kind: PhoneKind) => ({
    rightSection: phone.data?.kind === kind ? <Icon name="check" size={16} /> : null,
    onClick: () => {
      if (phone.data?.kind !== kind) choose.mutate(kind);
    },
  });
  return (
    <>
      <Menu.Divider />
      <Menu.Label>
        <Trans>My phone</Trans>
      </Menu.Label>
      <Menu.Item leftSection={<Icon name="headset" />} {...item("browser")}>
        <Trans>In this page</Trans>
      </Menu.Item>
      <Menu.Item leftSection={<Icon name="phone" />} {...item("sip")}>
        <Trans>A desk phone</Trans>
      </Menu.Item>
    </>
  );
}
