import { expect, test } from "vitest";

import { mayOpen } from "./address";

test.each([
  ["ws://pbx.example:8088/ws", "http:", true],
  ["ws://pbx.example:8088/ws", "https:", false],
  ["wss://pbx.example/phone/ws", "https:", true],
  ["ws://127.0.0.1:8088/ws", "https:", true],
])("%s from a page by %s: %s", (websocket, page, may) => {
  expect(mayOpen(websocket, page)).toBe(may);
});
