import { msg } from "@lingui/core/macro";

import type { Option } from "../shape/field";

/** The languages of pages and messages. */
export const LANGUAGES: readonly Option[] = [
  { value: "et", label: msg`Estonian` },
  { value: "ru", label: msg`Russian` },
  { value: "en", label: msg`English` },
];
