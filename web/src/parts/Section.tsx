import { useId, type ReactNode } from "react";

import { Icon, type IconName } from "./Icon";
import css from "./parts.module.css";

interface Props {
  title: ReactNode;
  icon?: IconName;
  /** How many there are; not shown for none. */
  count?: number;
  /** What stands at the right of the title. */
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A card with a title. */
export function Section({ title, icon, count, aside, children, className = "" }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`${css.section ?? ""} ${className}`}>
      <header>
        <h2 id={id}>
          {icon && <Icon name={icon} size={17} />}
          {title}
          {count ? <span className={css.count}>{count}</span> : null}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
