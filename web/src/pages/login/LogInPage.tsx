import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";

import { Refused } from "@/api/refused";
import { logIn } from "@/api/session";
import { Logo } from "@/parts/Logo";
import { Trouble } from "@/parts/Trouble";

import css from "./login.module.css";
import { Languages } from "./Languages";

/** Name and password; the answer is a cookie that scripts cannot read. */
export function LogInPage() {
  const { t } = useLingui();
  const client = useQueryClient();
  const enter = useMutation({
    mutationFn: ({ username, password }: { username: string; password: string }) => logIn(client, username, password),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    enter.mutate({ username: String(typed.get("username") ?? ""), password: String(typed.get("password") ?? "") });
  };
  return (
    <main className={css.page}>
      <form className={css.card} onSubmit={submit}>
        <div className={css.brand}>
          <Logo size={40} />
          <h1>Keskus</h1> {/* eslint-disable-line no-restricted-syntax -- a name */}
        </div>
        <Stack gap="md">
          <TextInput
            name="username"
            label={t`Username`}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            autoFocus
            size="md"
          />
          <PasswordInput name="password" label={t`Password`} autoComplete="current-password" required size="md" />
          <Trouble error={enter.error} />
          {enter.error instanceof Refused && enter.error.code.startsWith("page.") && (
            <p>
              <Trans>The service is set up wrongly. Show this to its administrator.</Trans>
            </p>
          )}
          <Button type="submit" size="md" loading={enter.isPending}>
            <Trans>Log in</Trans>
          </Button>
        </Stack>
      </form>
      <Languages />
    </main>
  );
}
