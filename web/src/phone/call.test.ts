import type { RTCSession } from "jssip/lib/RTCSession";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Call } from "./call";

interface Found {
  candidate: { protocol: string };
  ready: () => void;
}

const EARS = { tell: vi.fn(), heard: vi.fn(), over: vi.fn(), connected: () => true };

/** A call that looks for its addresses; gives how one of them is found, and whether the PBX was told by then. */
function gathering(iceServers: readonly RTCIceServer[]) {
  const heard = new Map<string, (found: Found) => void>();
  const session = {
    connection: { addEventListener: vi.fn(), getConfiguration: () => ({ iceServers }) },
    on: (event: string, hear: (found: Found) => void) => heard.set(event, hear),
  };
  new Call("1", session as unknown as RTCSession, EARS);
  const ready = vi.fn();
  return { ready, finds: (protocol: string) => heard.get("icecandidate")?.({ candidate: { protocol }, ready }) };
}

describe("the addresses of a call", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("are told at once where no server can add any", () => {
    const { finds, ready } = gathering([]);
    finds("udp");
    finds("udp");
    vi.advanceTimersByTime(20);
    expect(ready).toHaveBeenCalledOnce();
  });

  it("are not told while there is none that the PBX takes", () => {
    const { finds, ready } = gathering([]);
    finds("tcp");
    vi.advanceTimersByTime(5_000);
    expect(ready).not.toHaveBeenCalled();
    finds("udp");
    vi.advanceTimersByTime(20);
    expect(ready).toHaveBeenCalledOnce();
  });

  it("wait for servers, and not for ever", () => {
    const { finds, ready } = gathering([{ urls: "stun:turn.example" }]);
    finds("udp");
    vi.advanceTimersByTime(400);
    expect(ready).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(ready).toHaveBeenCalledOnce();
  });
});
