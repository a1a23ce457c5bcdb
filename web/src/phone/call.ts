import type { DTMF_TRANSPORT } from "jssip/lib/Constants";
import type { RTCSession } from "jssip/lib/RTCSession";

import { counted, qualityOf, type Counted } from "./quality";
import type { PhoneEvent } from "./state";

const LOOK_MS = 2_000;
const AGAIN_MS = 100;
/** The library ends a call when a request within it was under way as the websocket was cut. */
const CUT = "Connection Error";
/** Asterisk may cut the customer off where a good-bye comes at the moment at which it tells that the transfer succeeded. */
const GOODBYE_MS = 300;
/** Servers that do not answer must not hold a call up: what was found by then is offered. */
const GATHER_MS = 500;
/** Without servers, the computer's own addresses are all that there is: they come one right after the other. */
const OWN_MS = 10;

export interface CallEars {
  tell: (event: PhoneEvent) => void;
  heard: (id: string, stream: MediaStream) => void;
  /** It is over; `status` is the answer that ended it, 0 where there was none; `cut`: only here, as the line was. */
  over: (call: Call, status: number, cut: boolean) => void;
  /** Whether the PBX can be told anything. */
  connected: () => boolean;
}

/** One call of the phone, on a session of the SIP library. */
export class Call {
  private looking: ReturnType<typeof setInterval> | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  /** What was asked for last, which may be under way. */
  private held = false;
  private before: Counted | null = null;
  /** It was hung up while the PBX could not be told. */
  private ending = false;

  constructor(
    readonly id: string,
    readonly session: RTCSession,
    private readonly ears: CallEars,
    /** The microphone's sound for this call alone: holding one call must not silence another. */
    private stream: MediaStream | null = null,
    /** What is done once both ends talk. */
    private readonly begun: (call: Call) => void = () => undefined,
  ) {
    const listen = (connection: RTCPeerConnection) => {
      connection.addEventListener("track", ({ track, streams }) => {
        ears.heard(id, streams[0] ?? new MediaStream([track]));
      });
    };
    const connection = session.connection as RTCPeerConnection | null; // of a call that we make it is there already
    if (connection) listen(connection);
    else
      session.on("peerconnection", ({ peerconnection }) => {
        listen(peerconnection);
      });
    session.on("icecandidate", ({ candidate, ready }) => {
      if (candidate.protocol !== "udp") return; // the PBX takes no other: with such addresses alone it sends nothing
      const servers = this.session.connection?.getConfiguration().iceServers ?? [];
      this.gathering ??= setTimeout(ready, servers.length > 0 ? GATHER_MS : OWN_MS);
    });
    session.on("sdp", () => {
      clearTimeout(this.gathering);
      this.gathering = undefined;
    });
    session.on("confirmed", () => {
      ears.tell({ what: "answered", id });
      this.looking ??= setInterval(() => void this.look(), LOOK_MS);
      this.begun(this);
    });
    session.on("hold", ({ originator }) => {
      if (originator === "local") ears.tell({ what: "line", id, changes: { held: true } });
    });
    session.on("unhold", ({ originator }) => {
      if (originator === "local") ears.tell({ what: "line", id, changes: { held: false } });
    });
    session.on("muted", () => {
      ears.tell({ what: "line", id, changes: { muted: true } });
    });
    session.on("unmuted", () => {
      ears.tell({ what: "line", id, changes: { muted: false } });
    });
    session.on("ended", ({ cause }) => {
      this.end(0, cause === CUT);
    });
    session.on("failed", ({ message, cause }) => {
      this.end(message && "status_code" in message ? Number(message.status_code) : 0, cause === CUT);
    });
  }

  /** Answers, with the sound of a microphone; once, however often it is pressed. */
  answer(microphone: MediaStream, pcConfig: RTCConfiguration): void {
    if (this.stream !== null) return;
    this.stream = microphone.clone();
    this.session.answer({ mediaStream: this.stream, pcConfig });
  }

  /** Speaks by another microphone. */
  async replace(microphone: MediaStream): Promise<void> {
    const sender = this.session.connection?.getSenders().find((one) => one.track?.kind === "audio");
    const before = sender?.track;
    if (!sender || !before) return;
    const [track] = microphone.clone().getAudioTracks();
    if (!track) return;
    track.enabled = before.enabled;
    before.stop();
    await sender.replaceTrack(track);
    this.stream = new MediaStream([track]);
  }

  /** It rings here, and was not answered. */
  get rings(): boolean {
    return this.session.direction === "incoming" && this.session.isInProgress();
  }

  /**
   * Holds the other end, or talks on. It is asked for again while the last change is under way, or the PBX cannot be
   * told: the library would end the call.
   */
  hold(wanted: boolean): void {
    this.held = wanted;
    clearTimeout(this.holding);
    if (this.session.isEnded() || this.session.isOnHold().local === wanted) return;
    const asked = this.ears.connected() && (wanted ? this.session.hold() : this.session.unhold());
    if (!asked)
      this.holding = setTimeout(() => {
        this.hold(wanted);
      }, AGAIN_MS);
  }

  toggleHold(): void {
    this.hold(!this.held);
  }

  mute(): void {
    if (this.session.isMuted().audio) this.session.unmute({ audio: true });
    else this.session.mute({ audio: true });
  }

  digit(digit: string): void {
    this.session.sendDTMF(digit, { transportType: "RFC2833" as DTMF_TRANSPORT });
  }

  /** Sends the other end to a number, or to the other end of a consultation. */
  transfer(target: string, consultation?: Call): void {
    this.ears.tell({ what: "line", id: this.id, changes: { transfer: "asked" } });
    const failed = () => {
      this.ears.tell({ what: "line", id: this.id, changes: { transfer: "failed" } });
    };
    this.session.refer(target, {
      ...(consultation ? { replaces: consultation.session } : {}),
      eventHandlers: {
        requestFailed: failed,
        failed,
        // The one who transferred says good-bye (RFC 5589): the PBX does not.
        accepted: () => {
          setTimeout(() => {
            this.hangUp();
          }, GOODBYE_MS);
        },
      },
    });
  }

  /** Tells the PBX by which socket we are reached by now; the sound went on meanwhile. */
  reconnect(): void {
    clearTimeout(this.waiting);
    if (this.ending) {
      this.hangUp();
      return;
    }
    if (!this.session.isEstablished() || !this.ears.connected()) return; // cut again: it is asked for when it is back
    if (this.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } })) return;
    this.waiting = setTimeout(() => {
      this.reconnect();
    }, AGAIN_MS);
  }

  /** Ends the call, as soon as the PBX can be told. Until then nothing of us is heard. */
  hangUp(): void {
    if (this.session.isEnded()) return;
    this.ending = !this.ears.connected();
    if (!this.ending) this.session.terminate(this.rings ? { status_code: 603, reason_phrase: "Decline" } : undefined);
    else if (!this.session.isMuted().audio) this.mute();
  }

  /** Forgets a call that rings, as the line was cut. */
  drop(): void {
    this.end(0, true);
    if (!this.session.isEnded()) this.session.terminate();
  }

  private async look(): Promise<void> {
    const connection = this.session.connection as RTCPeerConnection | null;
    if (!connection) return;
    const now = counted(await connection.getStats(), performance.now());
    if (now && this.before) {
      const quality = qualityOf(this.before, now);
      this.ears.tell({ what: "line", id: this.id, changes: { quality } });
    }
    this.before = now;
  }

  private end(status: number, cut: boolean): void {
    clearInterval(this.looking);
    clearTimeout(this.holding);
    clearTimeout(this.waiting);
    clearTimeout(this.gathering);
    this.stream?.getTracks().forEach((track) => {
      track.stop();
    });
    this.ears.over(this, status, cut);
  }
}
