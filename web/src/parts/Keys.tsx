/** The keys that do the same; whoever hears the page learns them from the sheet of keys. */
export function Keys({ keys }: { keys: string }) {
  return <kbd aria-hidden>{keys}</kbd>;
}
