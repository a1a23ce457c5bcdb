import { getRouteApi } from "@tanstack/react-router";

import { NotFound } from "@/shell/NotFound";

import { SubjectList } from "./shape/SubjectList";
import { SUBJECTS } from "./subjects";

const route = getRouteApi("/admin/$subject");

/** The list of one subject. */
export function ListPage() {
  const found = SUBJECTS.get(route.useParams().subject);
  return found ? <SubjectList key={found.name} subject={found} /> : <NotFound />;
}
