import type { components } from "@/api/contract";

type Schemas = components["schemas"];
export type Contact = Schemas["ContactOut"];

interface Reach {
  /** A number or an address, as typed. */
  value: string;
  label: string;
  preferred: boolean;
}

/** What operators change of a contact. */
export interface Fields {
  given_name: string;
  surname: string;
  company_name: string;
  job_title: string;
  language: string;
  note: string;
  phones: Reach[];
  emails: Reach[];
}

export type Field = keyof Fields;

/** Where a change of a contact is kept until it is saved. */
export function editOf(contact: number): string {
  return `keskus.contact.${String(contact)}`;
}

export function fieldsOf(contact: Contact): Fields {
  const { given_name, surname, company_name, job_title, language, note } = contact;
  return {
    given_name,
    surname,
    company_name,
    job_title,
    language,
    note,
    phones: contact.phones.map(({ raw, label, preferred }) => ({ value: raw, label, preferred })),
    emails: contact.emails.map(({ address, label, preferred }) => ({ value: address, label, preferred })),
  };
}

/** The contact as it is sent: as it is now, with the fields that were changed here; empty rows are left out. */
export function bodyOf(contact: Contact, fields: Fields): Schemas["ContactIn"] {
  const { kind, patronymic, external_id, registry_code, employer, owner, fields: own } = contact;
  const { phones, emails, ...texts } = fields;
  const filled = (rows: readonly Reach[]) => rows.filter((one) => one.value.trim() !== "");
  return {
    ...{ kind, patronymic, external_id, registry_code, employer, owner, fields: own },
    ...texts,
    phones: filled(phones).map(({ value, ...rest }) => ({ number: value, ...rest })),
    emails: filled(emails).map(({ value, ...rest }) => ({ address: value, ...rest })),
  };
}

/** A change of a contact that is under way. */
export interface Edit {
  /** What the contact was when the change began. */
  base: Fields;
  mine: Fields;
}

/** Fields that somebody else has changed otherwise since the change began. */
export function clashesOf({ base, mine }: Edit, now: Fields): Field[] {
  return names(now).filter(
    (field) => !same(now[field], base[field]) && !same(mine[field], base[field]) && !same(mine[field], now[field]),
  );
}

/** Mine where I have changed it, and what it is now everywhere else. */
export function mergedOf({ base, mine }: Edit, now: Fields): Fields {
  return Object.fromEntries(
    names(now).map((field) => [field, same(mine[field], base[field]) ? now[field] : mine[field]]),
  ) as unknown as Fields;
}

/** The edit with one field settled: `value` stays, though somebody else has changed it. */
export function settled<Name extends Field>(edit: Edit, now: Fields, field: Name, value: Fields[Name]): Edit {
  return { base: { ...edit.base, [field]: now[field] }, mine: { ...edit.mine, [field]: value } };
}

/** A field as text, to stand beside another. */
export function textOf(value: Fields[Field]): string {
  if (typeof value === "string") return value;
  return value.map((one) => [one.value, one.label].filter(Boolean).join(" · ")).join("\n");
}

/** Two values of a field in one: both texts, or every number and address once. */
export function both(theirs: Fields[Field], mine: Fields[Field]): Fields[Field] {
  if (typeof theirs === "string" || typeof mine === "string") return `${textOf(theirs)}\n${textOf(mine)}`;
  const known = new Set(theirs.map((one) => one.value));
  return [...theirs, ...mine.filter((one) => !known.has(one.value)).map((one) => ({ ...one, preferred: false }))];
}

function names(fields: Fields): Field[] {
  return Object.keys(fields) as Field[];
}

function same(one: Fields[Field], other: Fields[Field]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
