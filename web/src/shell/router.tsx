import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { client } from "@/api/queryClient";
import { meQuery } from "@/api/session";

import { NotFound } from "./NotFound";
import { homeOf } from "./pages";
import { Shell } from "./Shell";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    const me = client.getQueryData(meQuery.queryKey);
    if (me) throw redirect({ to: homeOf(me), replace: true });
  },
});

export interface LookSearch {
  /** What is looked at, beside the work: `contact:7`. */
  look?: string;
}

const validateLook = (search: Record<string, unknown>): LookSearch =>
  typeof search.look === "string" ? { look: search.look } : {};

const look = createRoute({
  getParentRoute: () => root,
  path: "/look",
  validateSearch: validateLook,
  component: lazyRouteComponent(() => import("@/pages/look/LookPage"), "LookPage"),
});

const work = createRoute({
  getParentRoute: () => root,
  path: "/work",
  validateSearch: validateLook,
  component: lazyRouteComponent(() => import("@/pages/work/WorkPage"), "WorkPage"),
});

export interface FloorSearch {
  /** The queue whose calls and operators alone are shown. */
  queue?: string;
}

const floor = createRoute({
  getParentRoute: () => root,
  path: "/floor",
  validateSearch: (search: Record<string, unknown>): FloorSearch =>
    typeof search.queue === "string" ? { queue: search.queue } : {},
  component: lazyRouteComponent(() => import("@/pages/floor/FloorPage"), "FloorPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, work, floor, look]),
  basepath: "/desk",
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
