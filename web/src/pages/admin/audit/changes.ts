interface Change {
  field: string;
  before: string;
  after: string;
}

type Fields = Record<string, unknown> | null;

/** The fields of a change, side by side, as texts; what one side lacks is a dash. */
export function changesOf(before: Fields, after: Fields): Change[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names.map((field) => ({ field, before: shown(before, field), after: shown(after, field) }));
}

function shown(fields: Fields, name: string): string {
  const value = fields?.[name];
  if (value === undefined || value === null || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}
