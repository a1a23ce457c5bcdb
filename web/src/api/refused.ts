import type { components } from "./contract";

export type Problem = components["schemas"]["ProblemOut"];
export type FieldProblem = components["schemas"]["FieldProblem"];

/** A request that was refused, that failed, or that nobody answered. */
export class Refused extends Error {
  /**
   * @param problem what the service said; null: nothing that can be read.
   * @param status the HTTP status; 0: nobody answered.
   */
  constructor(
    readonly problem: Problem | null,
    readonly status: number,
  ) {
    super(problem?.title ?? `HTTP ${String(status)}`);
    this.name = "Refused";
  }

  /** A part of an answer that says why something is not possible. */
  static ofField({ what, code, params }: FieldProblem): Refused {
    return new Refused({ type: "", title: what, detail: what, status: 409, code, params }, 409);
  }

  /** The code by which programs know the error; empty where there is none. */
  get code(): string {
    return this.problem?.code ?? "";
  }

  /** Whether asking again may help: nobody answered, or the database or the PBX is away. */
  get passes(): boolean {
    return this.status === 0 || this.status === 503 || this.status === 429;
  }
}
