import { applied, begun, EMPTY, type Change, type Floor } from "./floor";
import { Line, type LineState, type Message, type Surroundings } from "./line";

/** What a page may look at. */
export interface Live {
  floor: Floor;
  line: LineState;
}

interface Ears {
  /** Something of a subject was changed in the database, by whomever. */
  changed: (change: Change) => void;
  loginEnded: () => void;
}

/** Lets a thing be done once before the next picture; a page that is hidden draws none, so a timer does it there. */
type Later = (done: () => void) => void;

/**
 * The one live store of the page. Messages are gathered and applied once a picture, so that many cost what one costs.
 */
export class LiveStore {
  readonly line: Line;
  private live: Live = { floor: EMPTY, line: "off" };
  private heard: Message[] = [];
  private waits = false;
  private readonly readers = new Set<() => void>();

  constructor(
    ears: Ears,
    around: Surroundings,
    subjects: readonly string[],
    private readonly later: Later = beforeNextPicture,
  ) {
    this.line = new Line(
      {
        begin: (snapshot) => {
          this.heard = [];
          this.publish({ floor: begun(snapshot) });
        },
        apply: (message) => {
          if (message.type === "changed") ears.changed(message);
          else this.gather(message);
        },
        stateChanged: (line) => {
          this.publish({ line });
        },
        loginEnded: () => {
          this.publish({ floor: EMPTY });
          ears.loginEnded();
        },
      },
      around,
      subjects,
    );
  }

  readonly read = (): Live => this.live;

  readonly subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  private gather(message: Message): void {
    this.heard.push(message);
    if (this.waits) return;
    this.waits = true;
    this.later(() => {
      this.waits = false;
      const heard = this.heard;
      this.heard = [];
      this.publish({ floor: applied(this.live.floor, heard) });
    });
  }

  private publish(changes: Partial<Live>): void {
    this.live = { ...this.live, ...changes };
    for (const reader of this.readers) reader();
  }
}

const HIDDEN_MS = 250;

function beforeNextPicture(done: () => void): void {
  if (document.hidden) setTimeout(done, HIDDEN_MS);
  else requestAnimationFrame(done);
}

/** The browser as the line needs it. */
export const BROWSER: Surroundings = {
  socket: (url) => new WebSocket(url),
  isRefused: async () => {
    try {
      return (await fetch("/api/v1/me", { cache: "no-store" })).status === 401;
    } catch {
      return false;
    }
  },
  random: Math.random,
};
