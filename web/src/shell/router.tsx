import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";

import { client } from "@/api/queryClient";
import { meQuery } from "@/api/session";

import { readLeadSearch } from "@/pages/campaigns/search";
import { readCallSearch } from "@/pages/calls/asking";
import { readSearch } from "@/pages/reports/asking";
import { speakToAdministrators } from "@/texts/speaking";

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

/** The link that a telephone opens as it rings: operators see the call beside their work, others on its page. */
const pop = createRoute({
  getParentRoute: () => root,
  path: "/pop/$id",
  beforeLoad: ({ params: { id } }) => {
    const me = client.getQueryData(meQuery.queryKey);
    if (!me) return;
    if (me.operator === null) throw redirect({ to: "/calls/$id", params: { id }, replace: true });
    throw redirect({ to: "/work", search: { look: `call:${id}` }, replace: true });
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

const reports = createRoute({
  getParentRoute: () => root,
  path: "/reports",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("@/pages/reports/ReportsPage"), "ReportsPage"),
});

const calls = createRoute({
  getParentRoute: () => root,
  path: "/calls",
  validateSearch: readCallSearch,
  component: lazyRouteComponent(() => import("@/pages/calls/CallsPage"), "CallsPage"),
});

const call = createRoute({
  getParentRoute: () => root,
  path: "/calls/$id",
  component: lazyRouteComponent(() => import("@/pages/calls/CallPage"), "CallPage"),
});

const campaigns = createRoute({
  getParentRoute: () => root,
  path: "/campaigns",
  loader: speakToAdministrators,
  component: lazyRouteComponent(() => import("@/pages/campaigns/CampaignsPage"), "CampaignsPage"),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: "/campaigns/$id",
  validateSearch: readLeadSearch,
  loader: speakToAdministrators,
  component: lazyRouteComponent(() => import("@/pages/campaigns/CampaignPage"), "CampaignPage"),
});

const newCampaign = createRoute({
  getParentRoute: () => root,
  path: "/campaigns/new",
  loader: speakToAdministrators,
  component: lazyRouteComponent(() => import("@/pages/campaigns/NewCampaignPage"), "NewCampaignPage"),
});

const campaignSettings = createRoute({
  getParentRoute: () => root,
  path: "/campaigns/$id/settings",
  loader: speakToAdministrators,
  component: lazyRouteComponent(() => import("@/pages/campaigns/SettingsPage"), "SettingsPage"),
});

const due = createRoute({
  getParentRoute: () => root,
  path: "/due",
  component: lazyRouteComponent(() => import("@/pages/due/DuePage"), "DuePage"),
});

const admin = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  loader: speakToAdministrators,
  component: lazyRouteComponent(() => import("@/pages/admin/AdminPage"), "AdminPage"),
});

const adminPages = [
  createRoute({
    getParentRoute: () => admin,
    path: "/",
    component: lazyRouteComponent(() => import("@/pages/admin/setup/SetupPage"), "SetupPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/audit",
    component: lazyRouteComponent(() => import("@/pages/admin/audit/AuditPage"), "AuditPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/health",
    component: lazyRouteComponent(() => import("@/pages/admin/health/HealthPage"), "HealthPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/duplicates",
    component: lazyRouteComponent(() => import("@/pages/admin/duplicates/DuplicatesPage"), "DuplicatesPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/imports",
    component: lazyRouteComponent(() => import("@/pages/admin/imports/ImportsPage"), "ImportsPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/consents",
    component: lazyRouteComponent(() => import("@/pages/admin/consents/ConsentsPage"), "ConsentsPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/file",
    component: lazyRouteComponent(() => import("@/pages/admin/file/FilePage"), "FilePage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/sounds",
    component: lazyRouteComponent(() => import("@/pages/admin/sounds/SoundsPage"), "SoundsPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/trunks",
    component: lazyRouteComponent(() => import("@/pages/admin/trunks/TrunksPage"), "TrunksPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/$subject",
    component: lazyRouteComponent(() => import("@/pages/admin/ListPage"), "ListPage"),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: "/$subject/$id",
    component: lazyRouteComponent(() => import("@/pages/admin/FormPage"), "FormPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    ...[home, pop, work, floor, look, reports, calls, call, campaigns, newCampaign, campaign, campaignSettings, due],
    admin.addChildren(adminPages),
  ]),
  basepath: "/desk",
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
