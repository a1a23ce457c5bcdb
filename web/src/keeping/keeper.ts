/**
 * Keeps what is typed: in the browser at once, at the service a moment later.
 *
 * What is not at the service yet is sent again until it is, through a reload, a fault, or a service that is away. Who
 * keeps something says what is kept, what a page is shown of it, and how it is sent.
 */
export const AGAIN_MS = 3000; // until it is sent again

export abstract class Keeper<Kept, Shown> {
  protected kept: Kept;
  protected timer: ReturnType<typeof setTimeout> | undefined;
  private readonly readers = new Set<() => void>();
  private stopped = false;

  constructor(
    private readonly storagePlace: string,
    protected readonly call: string,
    private readonly storage: Storage,
    blank: Kept,
  ) {
    this.kept = readKept(storage.getItem(storagePlace), blank);
  }

  protected abstract shown: Shown;

  protected abstract send(): Promise<void>;

  /** Whether there is something to send, or to ask for. */
  protected abstract isWanting(): boolean;

  readonly read = (): Shown => this.shown;

  readonly subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  /** Sends nothing until `resume`: whoever typed has logged out, and the next may be somebody else. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  resume(): void {
    this.stopped = false;
    if (this.isWanting()) this.soon(0);
  }

  protected soon(ms: number): void {
    clearTimeout(this.timer);
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.send();
    }, ms);
  }

  protected keep(changes: Partial<Kept>): void {
    this.kept = { ...this.kept, ...changes };
    this.storage.setItem(this.storagePlace, JSON.stringify(this.kept));
  }

  protected remove(): void {
    this.storage.removeItem(this.storagePlace);
  }

  protected tell(shown: Shown): void {
    this.shown = shown;
    for (const reader of this.readers) reader();
  }
}

/** What a browser keeps; of a version that kept less, the rest is blank. */
export function readKept<Kept>(text: string | null, blank: Kept): Kept {
  return text === null ? blank : { ...blank, ...(JSON.parse(text) as Partial<Kept>) };
}
