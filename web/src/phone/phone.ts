import type { RTCSession } from "jssip/lib/RTCSession";

import { Call, type CallEars } from "./call";
import type { Command } from "./commands";
import { Headset, knownHeadset, watchHeadsets, type Device } from "./headset";
import { forgetHere, keepHere } from "./here";
import { HOST, Registration } from "./registration";
import { askToNotifyOnce } from "./notices";
import type { PhoneTalk, Service } from "./service";
import type { PhoneInPage } from "./slot";
import { Sound } from "./sound";
import { after, current, lineOf, NO_PHONE, ringing, waiting } from "./state";
import type { Line, PhoneEvent, PhoneState } from "./state";
import { Tabs } from "./tabs";

/** How often a talk is asked for anew after a reload: another reload may have taken it over a moment ago. */
const RESUMES = 6;
const RESUME_AGAIN_MS = 200;
/** Longer than a talk takes to go on by the microphone that was opened early for it. */
const EARLY_MS = 5_000;
/** From here on a SIP status is a refusal. */
const REFUSED = 400;

interface Placing {
  call: string | null;
  state?: Line["state"];
  consults?: boolean;
  headers?: string[];
}

/**
 * The phone in the page: registered with the PBX by a secret that is lent for a while, and takes its talks over when
 * the page is loaded anew.
 */
export class Phone implements PhoneInPage {
  readonly sound: Sound;
  private state: PhoneState = NO_PHONE;
  private readonly readers = new Set<() => void>();
  private readonly tabs: Tabs;
  private readonly calls = new Map<string, Call>();
  private readonly ears: CallEars;
  private readonly registration: Registration;
  private offered = false;
  /** A call is about to be made: pressed twice, it is made once. */
  private placing = false;
  private closed = false;
  private headset: Headset | null = null;
  private unwatch: () => void = () => undefined;
  /** A talk was lost with the websocket, and goes on at the PBX. */
  private lostTalks = false;

  /**
   * @param account of the PBX, whose phone this is.
   * @param service lends its secret.
   * @param talks whether a talk went on here as the page was loaded anew.
   */
  constructor(
    private readonly account: string,
    private readonly service: Service,
    talks = false,
  ) {
    this.sound = new Sound({
      changed: () => {
        this.publish();
      },
      pulled: (device) => {
        this.tell({ what: "pulled", device });
      },
      silent: (is) => {
        this.tell({ what: "silent", is });
      },
      replaced: (stream) => {
        for (const call of this.calls.values()) void call.replace(stream);
      },
    });
    this.ears = {
      tell: (event) => {
        this.tell(event);
      },
      heard: (id, stream) => {
        this.sound.hear(id, stream);
      },
      over: (call, status, cut) => {
        this.forget(call, status, cut);
      },
      connected: () => this.registration.connected,
    };
    this.registration = new Registration(service, {
      connection: (connection) => {
        this.tell({ what: "connection", connection });
        if (connection === "elsewhere") this.leave();
      },
      ends: (at) => {
        this.tell({ what: "works_until", at });
      },
      rings: (session, request) => {
        this.rings(session, request);
      },
      opened: (talks) => {
        this.takeOver(talks);
      },
      cut: () => {
        this.wasCut();
      },
      back: () => {
        void this.isBack();
      },
    });
    this.tabs = new Tabs(account, {
      mine: () => {
        this.tell({ what: "held_by", holder: "here" });
        keepHere({ account, talks });
        if (talks) void this.openEarly();
        void this.registration.start();
        void knownHeadset().then((device) => device && this.use(device));
        this.unwatch = watchHeadsets(
          (device) => void this.use(device),
          (device) => {
            this.unplugged(device);
          },
        );
      },
      state: () => this.state,
      followed: (state) => {
        this.state = {
          ...state,
          holder: "other",
          sound: this.state.sound === "untried" ? state.sound : this.state.sound,
        };
        this.publish();
      },
      asked: (command) => {
        this.do(command);
      },
    });
  }

  readonly read = (): PhoneState => this.state;

  readonly subscribe = (reader: () => void): (() => void) => {
    this.readers.add(reader);
    return () => this.readers.delete(reader);
  };

  /** The service says that my phone rings, and here nothing does: the page was loaded anew meanwhile. */
  offer(offered: boolean): void {
    if (this.offered === offered) return;
    this.offered = offered;
    this.ring();
  }

  /** Whether the PBX reaches this phone, by the service's word. */
  isReached(reached: boolean): void {
    this.registration.isReached(reached);
  }

  readonly prove = async (): Promise<boolean> => {
    if (this.state.holder !== "here") return true; // it was tried where the phone is
    if (this.state.sound === "works") {
      await this.sound.unlock();
      return true;
    }
    this.tell({ what: "sound", sound: "trying" });
    const opened = await this.sound.try();
    this.tell({ what: "sound", sound: opened ? "works" : "no_microphone" });
    void askToNotifyOnce();
    if (opened)
      void this.sound.isHeard().then((heard) => {
        if (!heard && this.state.sound === "works") this.tell({ what: "sound", sound: "silent" });
      });
    return opened;
  };

  /** Lets a headset's buttons answer, hang up, mute and hold; false: another program has it. */
  async use(device: Device): Promise<boolean> {
    this.headset?.close();
    this.headset = await Headset.open(device, {
      hook: (up) => {
        this.do({ do: up ? "answer" : "hang_up" });
      },
      mute: () => {
        this.do({ do: "mute" });
      },
      hold: () => {
        this.do({ do: "hold" });
      },
    }).catch(() => null);
    this.tell({ what: "headset", name: this.headset?.name ?? "" });
    return this.headset !== null;
  }

  private unplugged(device: Device): void {
    if (!this.headset?.isOf(device)) return;
    this.headset.close();
    this.headset = null;
    this.tell({ what: "headset", name: "" });
  }

  close(): void {
    this.closed = true;
    if (this.state.holder === "here") forgetHere();
    this.headset?.close();
    this.unwatch();
    this.registration.close();
    this.tabs.close();
    this.sound.close();
  }

  readonly do = (command: Command): void => {
    if (this.state.holder === "other") this.tabs.ask(command);
    else void this.carryOut(command);
  };

  private async carryOut(command: Command): Promise<void> {
    const rings = this.calls.get(ringing(this.state)?.id ?? "");
    const call = this.calls.get(current(this.state)?.id ?? "");
    switch (command.do) {
      case "answer":
        if (rings) await this.answer(rings);
        else if (this.offered && this.state.lines.length === 0)
          await this.placeOnce("page-pickup", { call: null, state: "resuming" });
        break;
      case "hang_up":
        (rings ?? call)?.hangUp();
        break;
      case "hold":
        call?.toggleHold();
        break;
      case "mute":
        call?.mute();
        break;
      case "digit":
        call?.digit(command.digit);
        break;
      case "dial":
        if (this.state.lines.length === 0) await this.placeOnce(command.number, { call: null });
        break;
      case "transfer":
        call?.transfer(`sip:${command.number}@${HOST}`);
        break;
      case "consult":
        if (call && this.state.lines.length === 1) {
          call.hold(true);
          await this.placeOnce(command.number, { call: null, consults: true });
        }
        break;
      case "complete": {
        const held = this.calls.get(waiting(this.state)?.id ?? "");
        const asked = this.state.lines.find((line) => line.consults);
        const consultation = this.calls.get(asked?.id ?? "");
        if (held && consultation) held.transfer(consultation.session.remote_identity.uri.toString(), consultation);
        break;
      }
      case "here":
        await this.registration.start();
        break;
      case "seen":
        this.tell({ what: "seen" });
    }
  }

  /** Another browser has the phone; a call of ours goes on until it takes that over, too. */
  private leave(): void {
    if (this.state.connection === "elsewhere" && this.calls.size === 0) this.registration.stop();
  }

  /** Opens the microphone while the secret is still on its way. */
  private async openEarly(): Promise<void> {
    const user = {};
    await this.microphoneFor(user);
    setTimeout(() => {
      this.sound.release(user);
    }, EARLY_MS);
  }

  /** The page was loaded anew in these talks, or lost them as the websocket was cut: it takes them over. */
  private takeOver(talks: readonly PhoneTalk[]): void {
    if (talks.length === 0) {
      this.keep();
      return;
    }
    const early = {};
    void this.microphoneFor(early);
    void Promise.all(talks.map((talk) => this.resume(talk, RESUMES))).then(() => {
      this.sound.release(early);
    });
  }

  /** A call that rings cannot be answered by another websocket; by the service's word it rings on. */
  private wasCut(): void {
    for (const call of this.calls.values()) if (call.rings) call.drop();
  }

  private async isBack(): Promise<void> {
    for (const call of this.calls.values()) call.reconnect();
    if (!this.lostTalks) return;
    this.lostTalks = false;
    const mine = [...this.calls.keys()];
    const talks = await this.service.talks();
    this.takeOver(talks.filter((talk) => !mine.some((id) => id.startsWith(talk.sip_call_id))));
  }

  // ---- calls

  private rings(session: RTCSession, request: { getHeader: (name: string) => string | undefined }): void {
    const id = session.id;
    this.calls.set(id, new Call(id, session, this.ears));
    const party = session.remote_identity.display_name || session.remote_identity.uri.user;
    const call = request.getHeader("X-Keskus-Call") ?? null;
    this.tell({ what: "begins", line: { id, party, call, state: "ringing", consults: false } });
    if (request.getHeader("Call-Info")?.includes("answer-after=0")) {
      this.sound.play("knock");
      void this.carryOut({ do: "answer" });
    }
  }

  private async answer(call: Call): Promise<void> {
    const microphone = await this.microphoneFor(call);
    if (microphone) call.answer(microphone, this.registration.servers);
  }

  private async placeOnce(number: string, placing: Placing): Promise<void> {
    if (this.placing) return;
    this.placing = true;
    try {
      await this.place(number, placing);
    } finally {
      this.placing = false;
    }
  }

  /** Calls a number, or a place of the dialplan that is the page's own. */
  private async place(
    number: string,
    { call, state = "dialling", consults = false, headers = [] }: Placing,
    begun?: (call: Call) => void,
  ): Promise<Call | null> {
    const user = {};
    const microphone = await this.microphoneFor(user);
    const { ua, servers } = this.registration;
    if (!microphone || !ua) return null;
    const mediaStream = microphone.clone();
    const session = ua.call(`sip:${number}@${HOST}`, { mediaStream, pcConfig: servers, extraHeaders: headers });
    const made = new Call(session.id, session, this.ears, mediaStream, begun);
    this.calls.set(made.id, made);
    await this.sound.take(made);
    this.sound.release(user);
    const party = state === "resuming" ? "" : number;
    this.tell({ what: "begins", line: { id: made.id, party, call, state, consults } });
    return made;
  }

  /** Takes the place of the phone that was in the talk before the page was loaded anew. */
  private async resume(talk: PhoneTalk, tries: number): Promise<void> {
    const replaces = `Replaces: ${talk.sip_call_id};to-tag=${talk.to_tag};from-tag=${talk.from_tag}`;
    const made = await this.place(
      "page-resume",
      { call: talk.call, state: "resuming", consults: talk.call === null, headers: [replaces, "Require: replaces"] },
      (call) => {
        if (talk.held) call.hold(true);
      },
    );
    made?.session.on("failed", () => {
      if (tries > 0 && !this.closed && this.registration.connected)
        setTimeout(() => void this.resumeAgain(talk, tries - 1), RESUME_AGAIN_MS);
    });
  }

  private async resumeAgain(talk: PhoneTalk, tries: number): Promise<void> {
    const talks = await this.service.talks();
    const same = talks.find((one) => one.call === talk.call);
    if (same) await this.resume(same, tries);
  }

  private async microphoneFor(user: object): Promise<MediaStream | null> {
    try {
      return await this.sound.take(user);
    } catch {
      this.tell({ what: "sound", sound: "no_microphone" });
      return null;
    }
  }

  private forget(call: Call, status: number, cut: boolean): void {
    const line = lineOf(this.state, call.id);
    this.calls.delete(call.id);
    this.sound.release(call);
    this.sound.hush(call.id);
    if (cut && (line?.state === "talking" || line?.state === "resuming")) this.lostTalks = true;
    const failed = line?.state === "dialling" && status >= REFUSED ? String(status) : undefined;
    this.tell({ what: "ends", id: call.id, failed });
    // A consultation that ends without a transfer leads back to whoever waits.
    const [left] = this.state.lines;
    if (line?.consults && left?.held && left.transfer !== "asked") this.calls.get(left.id)?.hold(false);
    this.leave();
  }

  // ---- state

  private tell(event: PhoneEvent): void {
    this.state = after(this.state, event);
    if (["begins", "answered", "ends"].includes(event.what)) this.keep();
    this.ring();
    this.publish();
  }

  private keep(): void {
    keepHere({ account: this.account, talks: this.state.lines.some((line) => line.state !== "ringing") });
  }

  private ring(): void {
    const rings = this.state.holder === "here" && (ringing(this.state) !== undefined || this.offered);
    if (rings && !this.sound.rings) this.sound.play("ring");
    else if (!rings && this.sound.rings) this.sound.stopRinging();
    const line = current(this.state);
    const talks = line !== undefined && line.state !== "ringing";
    this.headset?.show({ rings, talks, muted: line?.muted ?? false, held: line?.held ?? false });
  }

  private publish(): void {
    this.state = { ...this.state };
    this.tabs.tell(this.state);
    for (const reader of this.readers) reader();
  }
}
