/** A moment as `<input type="datetime-local">` has it, in the browser's zone; empty for none. */
export function toLocal(moment: unknown): string {
  if (typeof moment !== "string" || !moment) return "";
  const at = new Date(moment);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The moment that such an input means, in UTC; null for none. */
export function fromLocal(typed: string): string | null {
  return typed ? new Date(typed).toISOString() : null;
}
