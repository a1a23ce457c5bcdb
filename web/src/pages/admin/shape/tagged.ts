import { oneOf, type Tagged } from "./subject";

/** The tag of what does not exist: whoever names it makes a thing, and changes none that is there. */
export const NONE_YET = '"0"';

/** One of a list whose things have versions: the version is the tag. */
export async function taggedOf<Out extends { version: number }>(
  asked: Promise<Out[]>,
  fits: (one: Out) => boolean,
): Promise<Tagged<Out>> {
  const { data } = await oneOf(asked, fits);
  return { data, tag: `"${String(data.version)}"` };
}
