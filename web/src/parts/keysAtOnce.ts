import { getHotkeyHandler, type HotkeyItem } from "@mantine/hooks";
import { useLayoutEffect, useRef } from "react";

/**
 * Hears keys as soon as what they stand for is seen, also while somebody types. Mantine's `useHotkeys` begins some moments
 * later, and who answers at once would press in vain.
 */
export function useKeysAtOnce(keys: HotkeyItem[]): void {
  const latest = useRef(keys);
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent) => {
      getHotkeyHandler(latest.current)(event);
    };
    document.documentElement.addEventListener("keydown", hear);
    return () => {
      document.documentElement.removeEventListener("keydown", hear);
    };
  }, []);
}
