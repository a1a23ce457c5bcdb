/** The desktop's own notices: who rings, while another window is looked at. */

const ASKED = "keskus.notices.asked";

export type Permission = NotificationPermission | "unknown";

/** Whether the browser shows notices of this page; `unknown`: it knows none. */
export function mayNotify(): Permission {
  return "Notification" in window ? Notification.permission : "unknown";
}

/** Asks the person for it; only within a click or a key. */
export async function askToNotify(): Promise<Permission> {
  if (mayNotify() !== "default") return mayNotify();
  localStorage.setItem(ASKED, "yes");
  return Notification.requestPermission();
}

/** Asks at the first time that somebody becomes available in this browser; afterwards it is offered among the devices. */
export async function askToNotifyOnce(): Promise<void> {
  if (localStorage.getItem(ASKED) === null) await askToNotify();
}
