/** Whether every word that was typed stands somewhere in a row, whatever its case and accents. */
export function fitting(cells: readonly string[], typed: string): boolean {
  const row = plain(cells.join(" "));
  return plain(typed)
    .split(/\s+/)
    .every((word) => row.includes(word));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}
