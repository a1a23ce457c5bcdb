/** The same object without some of its fields. */
export function without<Whole extends object, Name extends keyof Whole & string>(
  one: Whole,
  ...names: Name[]
): Omit<Whole, Name> {
  const out = new Set<string>(names);
  return Object.fromEntries(Object.entries(one).filter(([name]) => !out.has(name))) as Omit<Whole, Name>;
}
