import { useEffect } from "react";

import { dial, thePhone } from "@/phone/slot";

const SCHEME = "tel:";

/** Lets the phone in the page dial each link to a number; without one, the computer dials by whatever it has. */
export function useTelephoneLinks(): void {
  useEffect(() => {
    document.addEventListener("click", dialLink);
    return () => {
      document.removeEventListener("click", dialLink);
    };
  }, []);
}

function dialLink(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest(`a[href^="${SCHEME}"]`) : null;
  if (link === null || thePhone() === null) return;
  event.preventDefault();
  dial(link.getAttribute("href")?.slice(SCHEME.length) ?? "");
}
