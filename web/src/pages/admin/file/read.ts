import type { components } from "@/api/contract";

/** A file is no configuration. */
export class Unreadable extends Error {}

/**
 * What a chosen file says.
 *
 * @throws Unreadable where it is no JSON object.
 */
export async function read(file: Blob): Promise<components["schemas"]["CentreFile-Input"]> {
  let said: unknown;
  try {
    said = JSON.parse(await file.text());
  } catch {
    throw new Unreadable();
  }
  if (typeof said !== "object" || said === null || Array.isArray(said)) throw new Unreadable();
  return said;
}
