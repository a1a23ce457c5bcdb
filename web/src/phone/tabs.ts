/** One tab of a browser has the phone (Web Locks); the others follow what it tells, and pass commands to it. */

import type { Command } from "./commands";
import type { PhoneState } from "./state";

type Said = { is: "state"; state: PhoneState } | { is: "command"; command: Command } | { is: "who" };

export interface TabEars {
  /** This tab has the phone from now on, until it is closed; `freed` is over when it has to let go. */
  mine: () => void;
  /** How this tab's phone is, for a tab that has just come. */
  state: () => PhoneState;
  /** Another tab has it, and is like this. */
  followed: (state: PhoneState) => void;
  /** Another tab asks for something. */
  asked: (command: Command) => void;
}

export class Tabs {
  private readonly channel: BroadcastChannel;
  private readonly leaving = new AbortController();
  private letGo: () => void = () => undefined;
  private holds = false;

  /** @param name of the phone: one browser may have several operators after each other. */
  constructor(
    name: string,
    private readonly ears: TabEars,
  ) {
    this.channel = new BroadcastChannel(`keskus.phone.${name}`);
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
      this.hear(data);
    };
    void this.wait(`keskus.phone.${name}`);
  }

  tell(state: PhoneState): void {
    if (this.holds) this.say({ is: "state", state });
  }

  ask(command: Command): void {
    this.say({ is: "command", command });
  }

  close(): void {
    this.leaving.abort();
    this.letGo();
    this.channel.close();
    this.holds = false;
  }

  private async wait(name: string): Promise<void> {
    try {
      this.say({ is: "who" });
      await navigator.locks.request(name, { signal: this.leaving.signal }, async () => {
        if (this.leaving.signal.aborted) return;
        this.holds = true;
        this.ears.mine();
        await new Promise<void>((resolve) => {
          this.letGo = resolve;
        });
      });
    } catch (error) {
      if (!this.leaving.signal.aborted) throw error;
    }
  }

  private hear(said: Said): void {
    if (said.is === "state" && !this.holds) this.ears.followed(said.state);
    else if (said.is === "command" && this.holds) this.ears.asked(said.command);
    else if (said.is === "who" && this.holds) this.tell(this.ears.state());
  }

  private say(said: Said): void {
    this.channel.postMessage(said);
  }
}
