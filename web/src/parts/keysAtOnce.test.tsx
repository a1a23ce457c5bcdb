import { render } from "@testing-library/react";
import { useLayoutEffect } from "react";
import { expect, test, vi } from "vitest";

import { BY_PLACE } from "./byPlace";
import { useKeysAtOnce } from "./keysAtOnce";

const press = () =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyA", altKey: true, bubbles: true }));

test("a key is heard as soon as its button is there, and no longer", () => {
  const pressed = vi.fn();
  const Button = () => {
    useKeysAtOnce([["alt+A", pressed, BY_PLACE]]);
    return null;
  };
  const Quick = () => {
    useLayoutEffect(() => void press());
    return <Button />;
  };
  const { unmount } = render(<Quick />);
  expect(pressed).toHaveBeenCalledOnce();
  unmount();
  press();
  expect(pressed).toHaveBeenCalledOnce();
});
