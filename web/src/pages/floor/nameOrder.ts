import type { Operator } from "@/live/floor";

/** Puts operators in order by name; names are compared only when one of them is new, not with each change of a state. */
export class NameOrder {
  private names = new Map<number, string>();
  private ids: readonly number[] = [];

  constructor(private readonly compare: (one: string, other: string) => number) {}

  /** The ids of those who fit, in order. */
  of(operators: ReadonlyMap<number, Operator>, fits: (operator: Operator) => boolean): number[] {
    this.sort(operators);
    return this.ids.filter((id) => {
      const operator = operators.get(id);
      return operator !== undefined && fits(operator);
    });
  }

  private sort(operators: ReadonlyMap<number, Operator>): void {
    const all = [...operators.values()];
    if (all.length === this.names.size && all.every(({ id, name }) => this.names.get(id) === name)) return;
    all.sort((one, other) => this.compare(one.name, other.name) || one.id - other.id);
    this.names = new Map(all.map(({ id, name }) => [id, name]));
    this.ids = all.map(({ id }) => id);
  }
}
