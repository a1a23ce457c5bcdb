import { Outlet } from "@tanstack/react-router";

import css from "./admin.module.css";
import { AdminNav } from "./AdminNav";

/** What stands around all pages of administrators. */
export function AdminPage() {
  return (
    <div className={css.admin}>
      <AdminNav />
      <div className={css.inner}>
        <Outlet />
      </div>
    </div>
  );
}
