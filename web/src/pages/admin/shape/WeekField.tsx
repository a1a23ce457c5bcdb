import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput, UnstyledButton } from "@mantine/core";

import { Icon } from "@/parts/Icon";
import { useLocale } from "@/texts/speaking";

import css from "./shape.module.css";
import { useField, type FieldProps } from "./useField";
import { copied, weekdays, type Hours } from "./week";

const TIME = "([01][0-9]|2[0-3]):[0-5][0-9]|24:00";

/** The hours of each weekday; a day may have several, or none. */
export function WeekField({ field, path }: FieldProps<"week">) {
  const { t } = useLingui();
  const { value, set, shown } = useField(field, path);
  const names = weekdays(useLocale());
  const week = (value ?? []) as Hours[][];
  const setDay = (day: number, hours: Hours[]) => {
    set(names.map((_, at) => (at === day ? hours : (week[at] ?? []))));
  };
  return (
    <fieldset className={css.group}>
      <legend>{shown.label}</legend>
      {shown.description && <p className={css.hint}>{shown.description}</p>}
      <ul className={css.week}>
        {names.map((name, day) => {
          const hours = week[day] ?? [];
          return (
            <li key={name}>
              <span>{name}</span>
              <div className={css.hours}>
                {hours.length === 0 && (
                  <span className={css.closed}>
                    <Trans>closed</Trans>
                  </span>
                )}
                {hours.map((one, at) => (
                  <span key={at} className={css.span}>
                    {(["opens", "closes"] as const).map((end) => (
                      <TextInput
                        key={end}
                        w={74}
                        size="xs"
                        disabled={shown.disabled}
                        required
                        pattern={TIME}
                        aria-label={end === "opens" ? t`${name}: opens` : t`${name}: closes`}
                        value={one[end]}
                        onChange={(event) => {
                          setDay(day, hours.with(at, { ...one, [end]: event.currentTarget.value }));
                        }}
                      />
                    ))}
                    <UnstyledButton
                      className={css.small}
                      disabled={shown.disabled}
                      aria-label={t`${name}: take these hours away`}
                      onClick={() => {
                        setDay(day, hours.toSpliced(at, 1));
                      }}
                    >
                      <Icon name="close" size={14} />
                    </UnstyledButton>
                  </span>
                ))}
                <UnstyledButton
                  className={css.small}
                  disabled={shown.disabled}
                  aria-label={t`${name}: add hours`}
                  onClick={() => {
                    setDay(day, [...hours, { opens: "09:00", closes: "17:00" }]);
                  }}
                >
                  <Icon name="plus" size={14} />
                </UnstyledButton>
              </div>
            </li>
          );
        })}
      </ul>
      <Button
        size="compact-sm"
        variant="default"
        disabled={shown.disabled}
        onClick={() => {
          set(copied(week));
        }}
      >
        <Trans>Monday's hours for all working days</Trans>
      </Button>
      {shown.error && <p className={css.fault}>{shown.error}</p>}
    </fieldset>
  );
}
