import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";

import { useLocale } from "@/texts/speaking";
import { breakText, COMPLAINT_TEXTS, ORDER_TEXTS } from "@/texts/states";
import type { By, Subject } from "@/texts/figures";

import type { Line } from "./shown";

const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Names of days of the week, from Monday. */
export function weekdays(locale: string, style: "short" | "long"): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: style, timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, at) => format.format(MONDAY + at * DAY_MS));
}

/** What a line is called. */
export function useTitleOf(subject: Subject, by: By, zone: string): (line: Line) => string {
  const { i18n, t } = useLingui();
  const locale = useLocale();
  return useMemo(() => {
    const translate = i18n._.bind(i18n);
    const day = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: zone });
    const hour = new Intl.DateTimeFormat(locale, {
      day: "numeric",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: zone,
    });
    const states: Record<string, (typeof ORDER_TEXTS)["draft"]> =
      subject === "orders" ? ORDER_TEXTS : subject === "complaints" ? COMPLAINT_TEXTS : {};
    return (line) => {
      if (by === "day") return day.format(new Date(line.from_at));
      if (by === "15min" || by === "30min" || by === "60min") return hour.format(new Date(line.from_at));
      if (line.title) return line.title;
      if (!line.key) return by === "reason" ? t`no break` : t`none`;
      if (by === "reason") return breakText(line.key, translate);
      const state = states[line.key];
      return by === "state" && state ? translate(state) : line.key;
    };
  }, [i18n, t, locale, subject, by, zone]);
}
