import type { Originator, RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { RTCSessionEvent, UA } from "jssip/lib/UA";
import type { WebSocketInterface } from "jssip/lib/WebSocketInterface";

import { mayOpen } from "./address";
import type { PhoneSecret, PhoneTalk, Service } from "./service";
import type { Connection } from "./state";

/** Stands for the PBX in addresses; the websocket says where it is. */
export const HOST = "keskus.invalid";
const REGISTER_S = 120;
const RENEW_PART = 2 / 3;
const AGAIN_MS = 5_000;
const LONGEST_MS = 120_000;
/** A refused secret is tried once more: it may have been renewed just then, or the PBX has only just started. */
const TRY_AGAIN_MS = 1_500;
/** The PBX asks each phone every 15 s whether it is there: a websocket from which nothing comes for longer is dead. */
const DEAF_MS = 25_000;
const LOOK_MS = 2_000;

export interface RegistrationEars {
  connection: (connection: Connection) => void;
  /** The service renews the secret no more: the phone works until then, in milliseconds since 1970; null: it does. */
  ends: (at: number | null) => void;
  rings: (session: RTCSession, request: IncomingRequest) => void;
  /** The websocket is open for the first time; these talks went on while the page was loaded. */
  opened: (talks: readonly PhoneTalk[]) => void;
  /** The websocket is cut. */
  cut: () => void;
  /** Registered again, by another websocket. */
  back: () => void;
}

/** The phone at the PBX: its lent secret, its websocket, its registration; each is got again when it is lost. */
export class Registration {
  ua: UA | null = null;
  private socket: WebSocketInterface | null = null;
  private secret: (PhoneSecret & { endsAt: number }) | null = null;
  /** Each start makes what the one before has under way void. */
  private turn = 0;
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private trying: ReturnType<typeof setTimeout> | undefined;
  private readonly looking: ReturnType<typeof setInterval>;
  private refusals = 0;
  private heardAt = 0;
  private wasCut = false;
  private reached = true;

  constructor(
    private readonly service: Service,
    private readonly ears: RegistrationEars,
  ) {
    this.looking = setInterval(() => {
      this.look();
    }, LOOK_MS);
  }

  get connected(): boolean {
    return this.ua?.isConnected() ?? false;
  }

  get servers(): RTCConfiguration {
    const servers = this.secret?.ice_servers ?? [];
    return { iceServers: servers.map(({ urls, username, credential }) => ({ urls, username, credential })) };
  }

  /** Begins anew; calls of before end. */
  async start(): Promise<void> {
    this.stop();
    const turn = this.turn;
    if (!window.isSecureContext) {
      this.ears.connection("insecure");
      return;
    }
    this.ears.connection("connecting");
    const [library, secret] = await Promise.all([import("jssip"), this.lend(turn)]);
    if (secret === null || turn !== this.turn) return;
    if (!mayOpen(secret.websocket_url, location.protocol)) {
      this.ears.connection("unencrypted");
      return;
    }
    const socket = new library.WebSocketInterface(secret.websocket_url);
    const ua = new library.UA({
      sockets: [socket],
      uri: `sip:${secret.username}@${HOST}`,
      authorization_user: secret.username,
      password: secret.secret,
      register_expires: REGISTER_S,
      session_timers: false, // a refresh that is under way when the socket drops would end the call
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
    });
    let opened = false;
    ua.on("connected", () => {
      this.hear();
      if (!opened) this.ears.opened(secret.talks);
      opened = true;
    });
    ua.on("disconnected", () => {
      if (this.ua !== ua) return;
      this.wasCut = true;
      this.ears.connection("connecting");
      this.ears.cut();
    });
    ua.on("registered", () => {
      this.hear();
      this.refusals = 0;
      this.ears.connection("registered");
      if (this.wasCut) this.ears.back();
      this.wasCut = false;
    });
    ua.on("registrationFailed", ({ response }) => {
      if (this.ua === ua) this.fail(ua, response?.status_code ?? 0);
    });
    ua.on("newOptions", () => {
      this.hear();
    });
    ua.on("newRTCSession", ({ originator, session, request }: RTCSessionEvent) => {
      if (originator === ("remote" as Originator.REMOTE)) this.ears.rings(session, request as IncomingRequest);
    });
    this.ua = ua;
    this.socket = socket;
    ua.start();
  }

  /** Ends the phone here; its calls end with it. */
  stop(): void {
    this.turn += 1;
    clearTimeout(this.waiting);
    clearTimeout(this.trying);
    const ua = this.ua;
    this.ua = this.socket = null;
    this.wasCut = false;
    this.refusals = 0;
    ua?.stop();
  }

  close(): void {
    clearInterval(this.looking);
    this.stop();
  }

  /** Whether the PBX reaches the phone, by the service's word; where it does not, the phone registers again. */
  isReached(reached: boolean): void {
    this.reached = reached;
    if (!reached) this.look();
  }

  private hear(): void {
    this.heardAt = Date.now();
  }

  private look(): void {
    const { ua, socket } = this;
    if (!ua?.isConnected() || !socket || this.refusals > 1) return;
    if (Date.now() - this.heardAt > DEAF_MS) {
      socket.disconnect();
      socket.ondisconnect(true); // as if it had told so itself: it is opened again
    } else if (!this.reached && ua.isRegistered()) ua.register();
  }

  private fail(ua: UA, status: number): void {
    if (![401, 403, 404].includes(status)) {
      this.ears.connection("connecting"); // it is busy, or did not answer
      this.soon(ua, AGAIN_MS);
    } else if (this.secret === null || Date.now() >= this.secret.endsAt) {
      // Its time was over while the computer slept, or nobody renewed it.
      this.ears.connection("connecting");
      void this.renew(ua, this.turn);
    } else if (this.refusals++ === 0) {
      this.ears.connection("connecting");
      this.soon(ua, TRY_AGAIN_MS);
    } else {
      clearTimeout(this.waiting);
      this.ears.connection("elsewhere");
    }
  }

  private soon(ua: UA, waitMs: number): void {
    clearTimeout(this.trying);
    this.trying = setTimeout(() => {
      if (this.ua === ua && ua.isConnected()) ua.register();
    }, waitMs);
  }

  /** Asks for a secret until there is one, the longer the less often; null: something else has begun meanwhile. */
  private async lend(turn: number): Promise<PhoneSecret | null> {
    for (let refusals = 0; ;) {
      const lent = await this.service.lend();
      if (turn !== this.turn) return null;
      if (typeof lent === "object") {
        this.keep(lent, turn);
        return lent;
      }
      if (lent === "refused") {
        refusals += 1;
        const works = this.ua?.isRegistered() && this.secret ? this.secret.endsAt : 0;
        if (works > Date.now()) this.ears.ends(works);
        else this.ears.connection("refused");
      }
      await this.pause(Math.min(AGAIN_MS * 2 ** Math.max(0, refusals - 1), LONGEST_MS));
      if (turn !== this.turn) return null;
    }
  }

  private keep(lent: PhoneSecret, turn: number): void {
    this.secret = { ...lent, endsAt: Date.now() + lent.lasts_s * 1000 };
    this.ears.ends(null);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(
      () => {
        if (this.ua) void this.renew(this.ua, turn);
      },
      lent.lasts_s * 1000 * RENEW_PART,
    );
  }

  private async renew(ua: UA, turn: number): Promise<void> {
    const secret = await this.lend(turn);
    if (secret === null || this.ua !== ua) return;
    ua.set("password", secret.secret);
    if (!ua.isRegistered() && ua.isConnected()) ua.register();
  }

  private async pause(waitMs: number): Promise<void> {
    clearTimeout(this.waiting);
    await new Promise((resolve) => {
      this.waiting = setTimeout(resolve, waitMs);
    });
  }
}
