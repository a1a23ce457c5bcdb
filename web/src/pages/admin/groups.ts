import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Me, Permission } from "@/api/session";

import { SUBJECTS } from "./subjects";

interface AdminPlace {
  to: string;
  title: MessageDescriptor;
  needs: Permission;
  exact?: boolean;
}

interface Group {
  title: MessageDescriptor;
  places: AdminPlace[];
}

/** A subject's list; of what there is only one of, its form. */
function subject(name: string, one = ""): AdminPlace {
  const { title, writes } = SUBJECTS.get(name) ?? { title: msg`Administration`, writes: "own" };
  return { to: `/admin/${name}${one && `/${one}`}`, title, needs: writes };
}

const GROUPS: Group[] = [
  {
    title: msg`Telephony`,
    places: [
      { to: "/admin", title: msg`First steps`, needs: "queues.write", exact: true },
      subject("queues"),
      subject("numbers"),
      subject("operators"),
      { to: "/admin/sounds", title: msg`Sounds`, needs: "sounds.write" },
      { to: "/admin/trunks", title: msg`Carrier's trunks`, needs: "configuration.manage" },
      subject("tariffs", "all"),
    ],
  },
  { title: msg`People`, places: [subject("users"), subject("roles")] },
  {
    title: msg`Customers`,
    places: [
      subject("contact-fields"),
      subject("tags"),
      { to: "/admin/duplicates", title: msg`Duplicates`, needs: "contacts.remove" },
      { to: "/admin/imports", title: msg`Imports of contacts`, needs: "contacts.import" },
      { to: "/admin/consents", title: msg`Do-not-call and consents`, needs: "consents.manage" },
      subject("departments"),
      subject("categories"),
      subject("dispositions"),
    ],
  },
  {
    title: msg`Sales`,
    places: [subject("products"), subject("vat-rates", "all"), subject("price-lists"), subject("promotions")],
  },
  { title: msg`Knowledge`, places: [subject("articles"), subject("synonyms"), subject("scripts"), subject("surveys")] },
  {
    title: msg`Service`,
    places: [
      subject("crm"),
      subject("webhooks"),
      subject("tokens"),
      subject("retention"),
      { to: "/admin/audit", title: msg`Audit log`, needs: "audit.read" },
      { to: "/admin/health", title: msg`Health and settings`, needs: "configuration.manage" },
      { to: "/admin/file", title: msg`Configuration as a file`, needs: "configuration.manage" },
    ],
  },
];

/** The groups of pages that somebody may set up something on. */
export function groupsOf(me: Me): Group[] {
  return GROUPS.map((group) => ({
    ...group,
    places: group.places.filter((place) => me.permissions.includes(place.needs)),
  })).filter((group) => group.places.length > 0);
}
