import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Menu, useMantineColorScheme } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { logOut, useMe } from "@/api/session";
import { useMyself } from "@/live/useLive";
import { notes } from "@/notes/notes";
import { orders } from "@/orders/orders";
import { forgetLastCalls } from "@/pages/work/lastCall";
import { Icon } from "@/parts/Icon";
import { PhoneChoice } from "@/phone/PhoneChoice";
import { LANGUAGES, type Language } from "@/texts/languages";
import { choose, useLanguage } from "@/texts/speaking";

import { LogOutQuestion } from "./LogOutQuestion";
import { PasswordDialog } from "./PasswordDialog";
import { useActions } from "./actions";
import css from "./shell.module.css";

/** What the browser keeps of customers and the service has, too, goes when the operator does. */
function forgetCustomers(): void {
  notes.forgetSaved();
  orders.forgetSaved();
  forgetLastCalls();
}

/** Language, light or dark, password, log-out. */
export function AccountMenu() {
  const me = useMe();
  const name = me.display_name;
  const { t } = useLingui();
  const language = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [asks, setAsks] = useState<"password" | "leave" | null>(null);
  const myself = useMyself();
  const client = useQueryClient();
  const leave = useMutation({ mutationFn: () => logOut(client), onSuccess: forgetCustomers });
  const close = () => {
    setAsks(null);
  };
  const quit = () => {
    if (myself && myself.presence !== "offline") setAsks("leave");
    else leave.mutate();
  };
  useActions([
    ...(Object.keys(LANGUAGES) as Language[])
      .filter((one) => one !== language)
      .map((one) => ({ id: one, title: LANGUAGES[one], icon: "user" as const, run: () => void choose(one) })),
    {
      id: "colours",
      title: colorScheme === "dark" ? t`Light colours` : t`Dark colours`,
      icon: colorScheme === "dark" ? "sun" : "moon",
      run: () => {
        setColorScheme(colorScheme === "dark" ? "light" : "dark");
      },
    },
    {
      id: "password",
      title: t`Change password`,
      icon: "keyboard",
      run: () => {
        setAsks("password");
      },
    },
    { id: "log-out", title: t`Log out`, icon: "exit", run: quit },
  ]);
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={240} loop>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            className={css.account}
            leftSection={<Icon name="user" />}
            aria-label={t`Account of ${name}`}
          >
            <span>{me.display_name}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Trans>Language</Trans>
          </Menu.Label>
          {(Object.keys(LANGUAGES) as Language[]).map((one) => (
            <Menu.Item
              key={one}
              lang={one}
              rightSection={one === language ? <Icon name="check" size={16} /> : null}
              onClick={() => void choose(one)}
            >
              {LANGUAGES[one]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Label>
            <Trans>Colours</Trans>
          </Menu.Label>
          <Menu.Item
            leftSection={<Icon name="sun" />}
            rightSection={colorScheme === "light" ? <Icon name="check" size={16} /> : null}
            onClick={() => {
              setColorScheme("light");
            }}
          >
            <Trans>Light</Trans>
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="moon" />}
            rightSection={colorScheme === "dark" ? <Icon name="check" size={16} /> : null}
            onClick={() => {
              setColorScheme("dark");
            }}
          >
            <Trans>Dark</Trans>
          </Menu.Item>
          {me.operator !== null && <PhoneChoice />}
          <Menu.Divider />
          <Menu.Item
            leftSection={<Icon name="keyboard" />}
            onClick={() => {
              setAsks("password");
            }}
          >
            <Trans>Change password</Trans>
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="exit" />} onClick={quit}>
            <Trans>Log out</Trans>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordDialog opened={asks === "password"} onClose={close} />
      <LogOutQuestion opened={asks === "leave"} onClose={close} leave={leave} />
    </>
  );
}
