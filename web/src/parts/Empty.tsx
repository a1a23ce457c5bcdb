import type { ReactNode } from "react";

import css from "./parts.module.css";

/** What is said where there is nothing, and what to do about it. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className={css.empty}>{children}</p>;
}
