import { Trans, useLingui } from "@lingui/react/macro";
import { Link, Outlet } from "@tanstack/react-router";

import { useMe } from "@/api/session";
import { Icon } from "@/parts/Icon";
import { Logo } from "@/parts/Logo";
import { PhonePlace } from "@/phone/PhonePlace";

import { AccountMenu } from "./AccountMenu";
import { LineNotice } from "./LineNotice";
import { placesOf } from "./pages";
import { PresenceControl } from "./PresenceControl";
import { Search } from "./search/Search";
import css from "./shell.module.css";
import { ShortcutSheet } from "./ShortcutSheet";
import { useTelephoneLinks } from "./telephoneLinks";
import { TimeOfDay } from "./TimeOfDay";
import { ToTheCall } from "./ToTheCall";

/** What stands around every page: where one can go, the own presence, how the line is. */
export function Shell() {
  const me = useMe();
  const { i18n, t } = useLingui();
  useTelephoneLinks();
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#page">
        <Trans>To the page</Trans>
      </a>
      <header className={css.bar}>
        <Link to="/" className={css.brand} aria-label={t`Keskus, beginning`}>
          <Logo size={28} />
        </Link>
        <nav className={css.nav} aria-label={t`Pages`}>
          {placesOf(me).map((place) => (
            <Link key={place.path} to={place.path}>
              <Icon name={place.icon} />
              <span>{i18n._(place.title)}</span>
            </Link>
          ))}
        </nav>
        <PresenceControl />
        <div className={css.end}>
          <Search />
          <TimeOfDay />
          <ShortcutSheet />
          <AccountMenu />
        </div>
      </header>
      <LineNotice />
      <ToTheCall />
      <PhonePlace />
      <main id="page" className={css.page} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}
