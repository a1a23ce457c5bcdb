// The line to the service: keeps the truth of the floor, proves that no message is missing, comes back by itself.

const VERSION = 1; // of the messages that this page reads
const SILENCE_MS = 12_000; // the service says something every 5 s
const LOGIN_ENDED = 4001;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const ALARMS_KEPT = 20;

export class Line {
  /**
   * @param {() => void} changed something on the floor or the line is different
   * @param {() => void} loginEnded the service wants a log-in first
   */
  constructor(changed, loginEnded) {
    this.changed = changed;
    this.loginEnded = loginEnded;
    this.state = "off"; // off, connecting, live, stale, outdated
    this.heardAt = null; // server time of the last word
    this.waitMs = FIRST_WAIT_MS;
    this.forget();
  }

  forget() {
    this.epoch = null;
    this.last = null;
    this.linked = true;
    this.parkingFull = false;
    this.records = "written"; // or kept, refused
    this.own = null;
    this.sees = "own";
    this.queues = new Map();
    this.operators = new Map();
    this.calls = new Map();
    this.campaigns = new Map();
    this.alarms = [];
    this.refused = null; // the last number that this operator's phone was refused
  }

  /** The server's clock in ms; a wrong clock here, or one set back, makes no difference. */
  now() {
    return this.clockBase === undefined ? Date.now() : this.clockBase + performance.now() - this.clockMark;
  }

  open() {
    this.close();
    this.state = this.last === null ? "connecting" : "stale";
    const url = new URL("/ws/desktop", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    if (this.last !== null) url.search = new URLSearchParams({ epoch: this.epoch, after: this.last });
    const socket = new WebSocket(url);
    this.socket = socket;
    this.listen();
    socket.onmessage = (event) => socket === this.socket && this.hear(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
    this.changed();
  }

  /** Hang up for good, until `open`. */
  close() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    const socket = this.socket;
    this.socket = null;
    this.state = "off";
    socket?.close();
  }

  listen() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.again(), SILENCE_MS);
  }

  again() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.lost(0);
  }

  async lost(code) {
    clearTimeout(this.silence);
    const wasLive = this.state === "live";
    this.socket = null;
    this.state = this.last === null ? "connecting" : "stale";
    this.changed();
    if (code === LOGIN_ENDED) return this.loginEnded();
    if (!wasLive && (await refused())) return this.loginEnded();
    if (this.socket || this.state === "off") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), this.waitMs * (0.5 + Math.random()));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  hear(message) {
    if (message.version !== undefined && message.version !== VERSION) return this.outgrown();
    this.listen();
    this.waitMs = FIRST_WAIT_MS;
    this.state = "live";
    const stamp = message.now ?? message.at;
    if (message.now) {
      this.clockBase = Date.parse(message.now);
      this.clockMark = performance.now();
    }
    this.heardAt = Date.parse(stamp);
    if (message.type === "snapshot") this.begin(message);
    else if (message.type === "beat" || message.type === "resumed") {
      if ((message.number ?? message.after) !== this.last) return this.beginAgain();
    } else if (message.prev !== this.last || message.number <= this.last) {
      return this.beginAgain(); // never shown: a page that may be wrong is worse than one that is late
    } else {
      this.last = message.number;
      this.apply(message);
    }
    document.dispatchEvent(new CustomEvent("keskus:message", { detail: message }));
    this.changed();
  }

  /** The service is of another version: what it says is not guessed at. */
  outgrown() {
    this.close();
    this.state = "outdated";
    this.changed();
  }

  beginAgain() {
    this.last = null;
    this.again();
  }

  begin(snapshot) {
    const byId = (list) => new Map(list.map((one) => [one.id, one]));
    this.epoch = snapshot.epoch;
    this.last = snapshot.number;
    this.linked = snapshot.linked;
    this.parkingFull = snapshot.parking_full;
    this.records = snapshot.records;
    this.own = snapshot.operator;
    this.sees = snapshot.sees;
    this.queues = byId(snapshot.queues);
    this.operators = byId(snapshot.operators);
    this.calls = byId(snapshot.calls);
    this.campaigns = byId(snapshot.campaigns);
    this.alarms = snapshot.alarms;
  }

  /** Whether the phone has called outside since it was last told of. */
  callsAnew(operator) {
    const known = this.operators.get(operator.id)?.outgoing.map((one) => one.call) ?? [];
    return operator.outgoing.some((one) => !known.includes(one.call));
  }

  apply(message) {
    switch (message.type) {
      case "call_changed":
      case "screen_pop":
        this.calls.set(message.call.id, message.call);
        break;
      case "call_ended":
        this.calls.delete(message.id);
        break;
      case "call_hidden":
        if (this.sees === "own") this.calls.delete(message.id);
        break;
      case "screen_pop_ended":
        if (this.sees === "own") this.calls.delete(message.call);
        break;
      case "operator_changed":
        if (message.operator.id === this.own && this.callsAnew(message.operator)) this.refused = null;
        this.operators.set(message.operator.id, message.operator);
        break;
      case "operator_removed":
        this.operators.delete(message.id);
        break;
      case "queue_changed":
        this.queues.set(message.queue.id, message.queue);
        break;
      case "queue_removed":
        this.queues.delete(message.id);
        break;
      case "campaign_changed":
        this.campaigns.set(message.campaign.id, message.campaign);
        break;
      case "campaign_removed":
        this.campaigns.delete(message.id);
        break;
      case "outgoing_refused":
        if (message.operator !== null && message.operator === this.own) this.refused = message;
        break;
      case "outgoing_alarm":
        this.alarms = [...this.alarms, message.alarm].slice(-ALARMS_KEPT);
        break;
      case "link_changed":
        this.linked = message.linked;
        break;
      case "parking_changed":
        this.parkingFull = message.full;
        break;
      case "records_changed":
        this.records = message.records;
        break;
    }
  }
}

/** Whether the service is there but does not know us: a browser does not tell why a socket was refused. */
async function refused() {
  try {
    return (await fetch("/api/v1/me", { cache: "no-store" })).status === 401;
  } catch {
    return false;
  }
}
