import { Trans } from "@lingui/react/macro";
import { Button, Center, Loader, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

import { MeContext, meQuery } from "@/api/session";
import { LogInPage } from "@/pages/login/LogInPage";
import { Trouble } from "@/parts/Trouble";

import { LiveProvider } from "./LiveProvider";
import { router } from "./router";

const Outdated = lazy(() => import("./Outdated").then((part) => ({ default: part.Outdated })));

/** The log-in, or the shell around the pages. */
export function App() {
  const me = useQuery(meQuery);
  if (me.isPending) return <Splash />;
  if (me.isError) return <Unreachable error={me.error} again={() => void me.refetch()} />;
  if (me.data === null) return <LogInPage />;
  return (
    <MeContext value={me.data}>
      <LiveProvider key={me.data.id} me={me.data}>
        <Suspense fallback={<Splash />}>
          <RouterProvider router={router} />
          <Outdated />
        </Suspense>
      </LiveProvider>
    </MeContext>
  );
}

function Splash() {
  return (
    <Center h="100vh" aria-busy>
      <Loader />
    </Center>
  );
}

function Unreachable({ error, again }: { error: Error; again: () => void }) {
  return (
    <Center h="100vh" p="md">
      <Stack maw={420}>
        <Trouble error={error} />
        <Button onClick={again}>
          <Trans>Try again</Trans>
        </Button>
      </Stack>
    </Center>
  );
}
