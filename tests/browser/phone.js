// A browser's phone for the tests: SIP over a websocket (RFC 7118) and the browser's own sound (WebRTC).
//
// It registers by itself, answers what the PBX asks, and does what the test says: answer, hold, hang up. The address
// of the page names the PBX's websocket and the account; the test gives `sign`, which answers a digest challenge, and
// `tell`, which is told what happens.
"use strict";

const GONE = "<sip:browser@keskus.invalid;transport=ws>"; // the PBX puts in where it is really reached
const told = new URLSearchParams(location.search);
const account = told.get("account");
const random = () => crypto.randomUUID().replaceAll("-", "");

class Message {
  constructor(start, headers, body = "") {
    Object.assign(this, { start, headers, body });
  }

  static parse(text) {
    const [head, body] = text.split(/\r\n\r\n(.*)/s);
    const [start, ...lines] = head.split("\r\n");
    return new Message(start, lines.map((line) => line.split(/\s*:\s*(.*)/s, 2)), body);
  }

  get(name) {
    return this.headers.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1] ?? "";
  }

  get status() {
    return this.start.startsWith("SIP/2.0 ") ? Number(this.start.split(" ")[1]) : 0;
  }

  get method() {
    return this.get("CSeq").split(" ")[1];
  }

  reply(status, reason, tag, body = "") {
    const copied = this.headers.filter(([key]) => /^(via|from|to|call-id|cseq|record-route)$/i.test(key));
    const headers = copied.map(([key, value]) =>
      /^to$/i.test(key) && !value.includes(";tag=") ? [key, `${value};tag=${tag}`] : [key, value]);
    return new Message(`SIP/2.0 ${status} ${reason}`, [...headers, ["Contact", GONE]], body);
  }

  toString() {
    const typed = this.body ? [["Content-Type", "application/sdp"]] : [];
    const length = new TextEncoder().encode(this.body).length;
    const lines = [...this.headers, ...typed, ["Content-Length", length]].map(([key, value]) => `${key}: ${value}`);
    return [this.start, ...lines, "", this.body].join("\r\n");
  }
}

class Phone {
  talk = null;
  number = 0;
  waiting = new Map();
  from = `<sip:${account}@keskus.invalid>;tag=${random()}`;
  registration = random();

  connect() {
    this.socket = new WebSocket(told.get("pbx"), "sip");
    this.socket.onmessage = ({ data }) => data.trim() && this.heard(Message.parse(data));
    this.socket.onopen = () => this.register();
    this.socket.onclose = () => tell("cut");
  }

  async register() {
    const reply = await this.ask("REGISTER", "sip:keskus.invalid", [
      ["From", this.from], ["To", `<sip:${account}@keskus.invalid>`],
      ["Call-ID", this.registration], ["Expires", "300"],
    ]);
    tell(reply.status === 200 ? "registered" : `refused: ${reply.start}`);
  }

  // Send a request, once more with what a challenge asks for; give the final response.
  async ask(method, uri, headers, body = "", authorization = []) {
    const branch = `z9hG4bK${random()}`;
    this.number += 1;
    this.send(new Message(`${method} ${uri} SIP/2.0`, [
      ["Via", `SIP/2.0/WS keskus.invalid;branch=${branch}`], ["CSeq", `${this.number} ${method}`],
      ["Max-Forwards", "70"], ["Contact", GONE], ...headers, ...authorization,
    ], body));
    const reply = await new Promise((resolve) => this.waiting.set(branch, resolve));
    if (reply.status !== 401 || authorization.length) return reply;
    const signed = await sign(reply.get("WWW-Authenticate"), method, uri);
    return this.ask(method, uri, headers, body, [["Authorization", signed]]);
  }

  send(message) {
    this.socket.send(message.toString());
  }

  heard(message) {
    if (message.status) {
      const branch = /branch=([^;,]+)/.exec(message.get("Via"))[1];
      if (message.status >= 200) this.waiting.get(branch)?.(message);
      return;
    }
    const talk = this.talk?.invite.get("Call-ID") === message.get("Call-ID") ? this.talk : null;
    const method = message.method;
    if (method === "ACK") return;
    if (method === "INVITE" && talk) this.renew(message);
    else if (method === "INVITE") this.invited(message);
    else if (!talk) this.send(message.reply(...(method === "OPTIONS" ? [200, "OK"] : [481, "No such call"]), random()));
    else {
      this.send(message.reply(200, "OK", talk.tag));
      if (method === "CANCEL") this.send(talk.invite.reply(487, "Request Terminated", talk.tag));
      if (method === "CANCEL" || method === "BYE") this.over();
    }
  }

  invited(invite) {
    if (this.talk) {
      this.send(invite.reply(486, "Busy Here", random()));
      return;
    }
    this.talk = { invite, tag: random(), contact: /<([^>]+)>/.exec(invite.get("Contact"))[1] };
    this.send(invite.reply(180, "Ringing", this.talk.tag));
    tell("rings");
  }

  async answer() {
    const { talk } = this;
    const line = new RTCPeerConnection();
    line.ontrack = ({ track }) => {
      document.querySelector("audio").srcObject = new MediaStream([track]);
    };
    talk.line = line;
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    await line.setRemoteDescription({ type: "offer", sdp: talk.invite.body });
    microphone.getTracks().forEach((track) => line.addTrack(track, microphone));
    await line.setLocalDescription();
    await gathered(line);
    this.send(talk.invite.reply(200, "OK", talk.tag, line.localDescription.sdp));
  }

  // The PBX renews the session.
  async renew(invite) {
    const { talk } = this;
    await talk.line.setRemoteDescription({ type: "offer", sdp: invite.body });
    await talk.line.setLocalDescription();
    this.send(invite.reply(200, "OK", talk.tag, talk.line.localDescription.sdp));
    tell("renewed");
  }

  // Put the other party on hold, talk again, or just tell the PBX by which websocket we are reached by now.
  async renegotiate(direction) {
    const { talk } = this;
    talk.line.getTransceivers()[0].direction = direction;
    await talk.line.setLocalDescription();
    const reply = await this.ask("INVITE", talk.contact, this.dialog(), talk.line.localDescription.sdp);
    const headers = [["Via", `SIP/2.0/WS keskus.invalid;branch=z9hG4bK${random()}`], ...this.dialog(),
      ["CSeq", reply.get("CSeq").replace("INVITE", "ACK")], ["Max-Forwards", "70"]];
    this.send(new Message(`ACK ${talk.contact} SIP/2.0`, headers));
    await talk.line.setRemoteDescription({ type: "answer", sdp: reply.body });
    return reply.status;
  }

  async hangUp() {
    const reply = await this.ask("BYE", this.talk.contact, this.dialog());
    this.over();
    return reply.status;
  }

  dialog() {
    const { invite, tag } = this.talk;
    return [["From", `${invite.get("To")};tag=${tag}`], ["To", invite.get("From")], ["Call-ID", invite.get("Call-ID")]];
  }

  over() {
    this.talk.line?.close();
    this.talk = null;
    tell("over");
  }

  // Packets of the other party's that have come, and whether they were sound.
  async packets() {
    const stats = await this.talk.line.getStats();
    return [...stats.values()].find((one) => one.type === "inbound-rtp")?.packetsReceived ?? 0;
  }
}

function gathered(line) {
  return new Promise((resolve) => {
    const look = () => line.iceGatheringState === "complete" && resolve();
    line.onicegatheringstatechange = look;
    look();
  });
}

const phone = new Phone();
phone.connect();
