import type { MessageDescriptor } from "@lingui/core";
import type { ComponentType } from "react";

import type { Permission } from "@/api/session";
import type { Language } from "@/texts/languages";

import type { Field } from "./field";

/** Something with the tag that its next change has to name; an empty tag: it has none. */
export interface Tagged<Out> {
  data: Out;
  tag: string;
}

export interface Page<Out> {
  items: Out[];
  /** The cursor of the next page; null on the last. */
  next: string | null;
}

/** A column of the list; the first one is the link. */
export interface Column<Out> {
  title: MessageDescriptor;
  cell: (one: Out, say: Say) => string;
}

/** What a cell may need to say something in the reader's language. */
export interface Say {
  language: Language;
  text: (message: MessageDescriptor) => string;
  number: (value: number) => string;
  date: (moment: string) => string;
}

/**
 * A kind of thing that administrators set up: its list, its form, and how the service keeps it.
 *
 * @typeParam Out as the service shows it; @typeParam In as the form sends it; @typeParam Row as lists show it.
 */
export interface Subject<Out, In, Row = Out> {
  /** Its name in addresses, and in the service's list of what is in use where. */
  name: string;
  /** Where its pages are, of a thing or of all; left out: among those of administrators. */
  home?: (id: string) => string;
  title: MessageDescriptor;
  about: MessageDescriptor;
  /** What a new one is called on the button that makes it. */
  add: MessageDescriptor;
  empty: MessageDescriptor;
  reads: Permission;
  writes: Permission;
  columns: Column<Row>[];
  list: (asked: { q: string; cursor: string | null }) => Promise<Page<Row>>;
  /** Whether the service searches; otherwise the page does, in what it has. */
  searches?: boolean;
  id: (one: Out | Row) => string;
  label: (one: Out | Row, language: Language) => string;
  /** Whether it is in use; left out: it always is. */
  active?: (one: Out | Row) => boolean;
  read?: (id: string) => Promise<Tagged<Out>>;
  fields: Field<In>[];
  blank: In;
  /** What a new one begins with, where that depends on what there is. */
  begins?: () => Promise<Partial<In>>;
  form: (one: Out) => In;
  /** Left out: none can be made here. */
  make?: (form: In) => Promise<Out>;
  /** Left out: it is only looked at. */
  change?: (id: string, form: In, tag: string) => Promise<Tagged<Out>>;
  /** Left out: it can be put out of use at most. */
  remove?: (id: string, tag: string) => Promise<unknown>;
  /** What taking it away means; left out: that it is refused while something leads to it. */
  removal?: MessageDescriptor;
  /** The most that there may be; left out: any number. */
  most?: number;
  /** Whether it cannot be changed, such as what is built in. */
  fixed?: (one: Out) => boolean;
  /** The kind of thing by which the service is asked where it is used; left out: nowhere. */
  used?: string;
  /** What stands below the list. */
  below?: ComponentType;
  /** What stands below the form. */
  more?: ComponentType<{ one: Out; tag: string }>;
  /** What is shown once after one was made, such as a secret. */
  made?: ComponentType<{ one: Out }>;
}

// The shape's components know nothing of the things themselves; each definition is checked where it is written.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnySubject = Subject<any, any, any>;

/** The address of a thing's page; without an id, of the list. */
export function addressOf(subject: AnySubject, id = ""): string {
  return subject.home?.(id) ?? `/admin/${subject.name}${id && `/${id}`}`;
}

/** A whole list in one page. */
export async function whole<Out>(asked: Promise<Out[]>): Promise<Page<Out>> {
  return { items: await asked, next: null };
}

/** One of a list, for what has no address of its own. */
export async function oneOf<Out>(asked: Promise<Out[]>, fits: (one: Out) => boolean): Promise<Tagged<Out>> {
  const found = (await asked).find(fits);
  if (found === undefined) throw new Missing();
  return { data: found, tag: "" };
}

/** There is no such thing any more. */
export class Missing extends Error {}

/** What has no tag of its own. */
export async function untagged<Out>(asked: Promise<Out>): Promise<Tagged<Out>> {
  return { data: await asked, tag: "" };
}
