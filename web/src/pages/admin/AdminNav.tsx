import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { useMe } from "@/api/session";

import css from "./admin.module.css";
import { groupsOf } from "./groups";

/** Where administrators can go, as far as they may. */
export function AdminNav() {
  const { i18n, t } = useLingui();
  const me = useMe();
  return (
    <nav className={css.nav} aria-label={t`Administration`}>
      {groupsOf(me).map((group) => (
        <div key={group.title.id}>
          <h2>{i18n._(group.title)}</h2>
          <ul className={css.places}>
            {group.places.map((place) => (
              <li key={place.to}>
                <Link to={place.to} activeOptions={{ exact: place.exact ?? false }}>
                  {i18n._(place.title)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
