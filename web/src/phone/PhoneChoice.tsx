import { Trans } from "@lingui/react/macro";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { useMe } from "@/api/session";
import { Icon } from "@/parts/Icon";

import { myPhoneQuery, useChoosePhone, type PhoneKind } from "./myPhone";
import { usePhone } from "./slot";

/** Whether I talk in this page or at a desk phone. */
export function PhoneChoice() {
  const phone = useQuery(myPhoneQuery(useMe().operator));
  const choose = useChoosePhone();
  const talks = usePhone().lines.length > 0; // another phone would end the call
  const item = (kind: PhoneKind) => ({
    disabled: talks && phone.data?.kind !== kind,
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
