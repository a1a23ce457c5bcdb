import { getRouteApi } from "@tanstack/react-router";

import { NotFound } from "@/shell/NotFound";

import { SubjectLoader } from "./shape/SubjectLoader";
import { SUBJECTS } from "./subjects";

const route = getRouteApi("/admin/$subject/$id");

/** The form of one thing. */
export function FormPage() {
  const { subject, id } = route.useParams();
  const found = SUBJECTS.get(subject);
  return found ? <SubjectLoader subject={found} id={id} /> : <NotFound />;
}
