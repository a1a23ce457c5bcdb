import { PublishState } from "./PublishState";
import type { Published } from "./stateTexts";

interface Publishable {
  id: number;
  state: Published;
}

/** What publishes and withdraws the things of a subject, to stand below their form. */
export function publishing(
  subject: string,
  put: (id: string, state: Exclude<Published, "draft">, tag: string) => Promise<unknown>,
) {
  return function Publishing({ one, tag }: { one: Publishable; tag: string }) {
    return <PublishState subject={subject} state={one.state} put={(state) => put(String(one.id), state, tag)} />;
  };
}
