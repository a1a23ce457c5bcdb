const HERE = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Whether a page may open a websocket: one that came by HTTPS opens encrypted ones, and those of its own computer.
 *
 * @param page the page's protocol, such as `https:`.
 */
export function mayOpen(websocket: string, page: string): boolean {
  const { protocol, hostname } = new URL(websocket);
  return page !== "https:" || protocol === "wss:" || HERE.includes(hostname);
}
