/** Keys that are meant by their place on the keyboard: they do the same while it writes Cyrillic letters. */
export const BY_PLACE = { usePhysicalKeys: true };
