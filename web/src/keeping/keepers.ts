interface Kept {
  resume: () => void;
  stop: () => void;
}

/** The keepers of one kind of thing, one for each user and call: they go on until the service has it, whatever page is shown. */
export class Keepers<Keeper extends Kept> {
  private readonly begun = new Map<string, Keeper>();
  private readonly begins: string;

  /**
   * Args: the kind's name in the browser's storage; how a keeper is made for a place there and a call; whether what is
   * kept has nothing that the service lacks.
   */
  constructor(
    kind: string,
    private readonly make: (place: string, call: string) => Keeper,
    private readonly isSaved: (kept: string) => boolean,
  ) {
    this.begins = `keskus.${kind}.`;
  }

  of(user: number, call: string): Keeper {
    const place = `${this.begins}${String(user)}.${call}`;
    const keeper = this.begun.get(place) ?? this.make(place, call);
    this.begun.set(place, keeper);
    return keeper;
  }

  /** Goes on with everything of a user that is not at the service yet. */
  resume(user: number): void {
    for (const [, owner, call, kept] of this.kept()) {
      if (owner === user && !this.isSaved(kept)) this.of(user, call).resume();
    }
  }

  /** Sends nothing more: the user has logged out. */
  stop(): void {
    for (const keeper of this.begun.values()) keeper.stop();
  }

  /** Forgets what the service has: a browser keeps nothing of customers that it need not. */
  forgetSaved(): void {
    for (const [place, , , kept] of this.kept()) if (this.isSaved(kept)) localStorage.removeItem(place);
  }

  /** The place, the user, the call and the text of each thing in the browser. */
  private kept(): [string, number, string, string][] {
    return Object.keys(localStorage).flatMap((place) => {
      if (!place.startsWith(this.begins)) return [];
      const [, owner = "", call] = /^(\d+)\.(.+)$/.exec(place.slice(this.begins.length)) ?? [];
      const kept = localStorage.getItem(place);
      return call === undefined || kept === null ? [] : [[place, Number(owner), call, kept]];
    });
  }
}
