import { useMemo } from "react";

import { useLocale } from "./speaking";

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_MS = 24 * HOUR_S * SECOND_MS;

/** A length of time as a clock shows it: `4:05`, from an hour on `1:02:03`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(whole / HOUR_S);
  const minutes = Math.floor((whole % HOUR_S) / MINUTE_S);
  return hours
    ? `${String(hours)}:${two(minutes)}:${two(whole % MINUTE_S)}`
    : `${String(minutes)}:${two(whole % MINUTE_S)}`;
}

/** A telephone number in groups that can be read out; what is no E.164 stays as it is. */
export function phone(number: string): string {
  const estonian = /^\+372(\d{3,4})(\d{4})$/.exec(number);
  if (estonian) return `+372 ${estonian[1] ?? ""} ${estonian[2] ?? ""}`;
  const other = /^(\+\d{1,3})(\d{2,3})(\d{3})(\d{2,5})$/.exec(number);
  return other ? other.slice(1).join(" ") : number;
}

export interface Formats {
  time: (moment: string | number) => string;
  /** The time with its seconds. */
  clock: (moment: string) => string;
  /** The time for today, the day and the time for any other day. */
  moment: (moment: string, now: number) => string;
  date: (moment: string) => string;
  number: (value: number) => string;
  percent: (share: number) => string;
  money: (amount: string) => string;
  compare: (one: string, other: string) => number;
}

/** How the page's language writes times, numbers and sums of money. */
export function useFormats(): Formats {
  const locale = useLocale();
  return useMemo(() => formats(locale), [locale]);
}

export function formats(locale: string): Formats {
  const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", hourCycle: "h23" });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });
  const near = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" });
  const collator = new Intl.Collator(locale, { numeric: true });
  return {
    time: (moment) => time.format(new Date(moment)),
    clock: (moment) => clock.format(new Date(moment)),
    moment: (moment, now) => {
      const at = new Date(moment);
      if (at.toDateString() === new Date(now).toDateString()) return time.format(at);
      return Math.abs(now - at.getTime()) < 300 * DAY_MS ? near.format(at) : date.format(at);
    },
    date: (moment) => date.format(new Date(moment)),
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    money: (amount) => money.format(Number(amount)),
    compare: (one, other) => collator.compare(one, other),
  };
}
