import type { Originator, RTCSession } from "jssip/lib/RTCSession";
import type { RTCSessionEvent, UA } from "jssip/lib/UA";

import { Call, type CallEars } from "./call";
import type { Command } from "./commands";
import { knownHeadset, Headset, type Device } from "./headset";
import type { PhoneSecret, PhoneTalk, Service } from "./service";
import type { PhoneInPage } from "./slot";
import { Sound } from "./sound";
import { after, current, lineOf, NO_PHONE, ringing, waiting } from "./state";
import type { Line, PhoneEvent, PhoneState } from "./state";
import { Tabs } from "./tabs";

/** Stands for the PBX in addresses; the websocket says where it is. */
const HOST = "keskus.invalid";
const REGISTER_S = 120;
const RENEW_PART = 2 / 3;
const AGAIN_MS = 5_000;
/** How often a talk is asked for anew after a reload: another reload may have taken it over a moment ago. */
const RESUMES = 6;
const RESUME_AGAIN_MS = 200;
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
  private ua: UA | null = null;
  private secret: (PhoneSecret & { endsAt: number }) | null = null;
  private renewing: ReturnType<typeof setTimeout> | undefined;
  private offered = false;
  /** A call is about to be made: pressed twice, it is made once. */
  private placing = false;
  private closed = false;
  private headset: Headset | null = null;
  private wasCut = false;

  constructor(
    account: string,
    private readonly service: Service,
  ) {
    this.sound = new Sound({
      changed: () => {
        this.publish();
      },
      pulled: (device) => {
        this.tell({ what: "pulled", device });
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
      over: (call, status) => {
        this.forget(call, status);
      },
    };
    this.tabs = new Tabs(account, {
      mine: () => {
        this.tell({ what: "held_by", holder: "here" });
        void this.start();
        void knownHeadset().then((device) => device && this.use(device));
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

  readonly prove = async (): Promise<boolean> => {
    if (this.state.holder !== "here") return true; // it was tried where the phone is
    if (this.state.sound === "works") {
      await this.sound.unlock();
      return true;
    }
    this.tell({ what: "sound", sound: "trying" });
    const opened = await this.sound.try();
    this.tell({ what: "sound", sound: opened ? "works" : "no_microphone" });
    if (opened)
      void this.sound.isHeard().then((heard) => {
        if (!heard && this.state.sound === "works") this.tell({ what: "sound", sound: "silent" });
      });
    return opened;
  };

  /** Lets a headset's buttons answer, hang up, mute and hold. */
  async use(device: Device): Promise<void> {
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
    });
  }

  close(): void {
    this.closed = true;
    this.headset?.close();
    clearTimeout(this.renewing);
    this.ua?.stop();
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
        await this.start();
        break;
      case "seen":
        this.tell({ what: "seen" });
    }
  }

  // ---- registration

  private async start(): Promise<void> {
    this.ua?.stop();
    this.ua = null;
    if (!window.isSecureContext) {
      this.tell({ what: "connection", connection: "insecure" });
      return;
    }
    this.tell({ what: "connection", connection: "connecting" });
    const [library, secret] = await Promise.all([import("jssip"), this.lend()]);
    if (secret === null || this.closed) return;
    const early = {};
    if (secret.talks.length > 0) void this.microphoneFor(early);
    const ua = new library.UA({
      sockets: [new library.WebSocketInterface(secret.websocket_url)],
      uri: `sip:${secret.username}@${HOST}`,
      authorization_user: secret.username,
      password: secret.secret,
      register_expires: REGISTER_S,
      session_timers: false, // a refresh that is under way when the socket drops would end the call
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
    });
    let resumes = secret.talks;
    ua.on("connected", () => {
      for (const talk of resumes) void this.resume(talk, RESUMES).then(() => this.sound.release(early));
      resumes = [];
    });
    ua.on("disconnected", () => {
      this.wasCut = true;
      if (this.ua === ua) this.tell({ what: "connection", connection: "connecting" });
    });
    ua.on("registered", () => {
      this.tell({ what: "connection", connection: "registered" });
      if (this.wasCut) for (const call of this.calls.values()) call.reconnect();
      this.wasCut = false;
    });
    ua.on("registrationFailed", ({ response }) => {
      if (this.ua === ua && [401, 403, 404].includes(response?.status_code ?? 0)) this.lost();
    });
    ua.on("newRTCSession", (event: RTCSessionEvent) => {
      if (event.originator === ("remote" as Originator.REMOTE)) this.rings(event.session, event.request);
    });
    this.ua = ua;
    ua.start();
  }

  /** The PBX does not know our secret: its time was over while the computer slept, or another page has one since. */
  private lost(): void {
    if (this.secret === null || Date.now() >= this.secret.endsAt) {
      void this.start();
      return;
    }
    clearTimeout(this.renewing);
    this.ua?.stop();
    this.ua = null;
    this.tell({ what: "connection", connection: "elsewhere" });
  }

  private async lend(): Promise<PhoneSecret | null> {
    clearTimeout(this.renewing);
    const lent = await this.service.lend();
    if (this.closed) return null;
    if (lent === "refused") {
      this.tell({ what: "connection", connection: "refused" });
      return null;
    }
    if (lent === "away") {
      await new Promise((resolve) => {
        this.renewing = setTimeout(resolve, AGAIN_MS);
      });
      return this.lend();
    }
    this.secret = { ...lent, endsAt: Date.now() + lent.lasts_s * 1000 };
    this.renewing = setTimeout(() => void this.renew(), lent.lasts_s * 1000 * RENEW_PART);
    return lent;
  }

  private async renew(): Promise<void> {
    const secret = await this.lend();
    if (secret !== null) this.ua?.set("password", secret.secret);
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
    if (microphone) call.answer(microphone, this.servers());
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
    if (!microphone || !this.ua) return null;
    const mediaStream = microphone.clone();
    const servers = this.servers();
    const session = this.ua.call(`sip:${number}@${HOST}`, { mediaStream, pcConfig: servers, extraHeaders: headers });
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
      if (tries > 0 && !this.closed) setTimeout(() => void this.resumeAgain(talk, tries - 1), RESUME_AGAIN_MS);
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

  private forget(call: Call, status: number): void {
    const line = lineOf(this.state, call.id);
    this.calls.delete(call.id);
    this.sound.release(call);
    this.sound.hush(call.id);
    const failed = line?.state === "dialling" && status >= REFUSED ? String(status) : undefined;
    this.tell({ what: "ends", id: call.id, failed });
    // A consultation that ends without a transfer leads back to whoever waits.
    const [left] = this.state.lines;
    if (line?.consults && left?.held && left.transfer !== "asked") this.calls.get(left.id)?.hold(false);
  }

  private servers(): RTCConfiguration {
    const servers = this.secret?.ice_servers ?? [];
    return { iceServers: servers.map(({ urls, username, credential }) => ({ urls, username, credential })) };
  }

  // ---- state

  private tell(event: PhoneEvent): void {
    this.state = after(this.state, event);
    this.ring();
    this.publish();
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
