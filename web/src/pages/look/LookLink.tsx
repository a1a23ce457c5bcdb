import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useMe } from "@/api/session";

import { lookPlace, type Look } from "./look";

/** Leads to a thing, beside whatever one does. */
export function LookLink({ look, children }: { look: Look; children: ReactNode }) {
  return <Link {...lookPlace(useMe(), look)}>{children}</Link>;
}
