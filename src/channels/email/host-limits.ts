// How much one host may ask of the mail door: connections at once, mails a minute, addresses that do not exist. A host that
// library systems mail from may ask a good deal more than a stranger, and none may shut the door for the others.

export interface HostLimits {
  /** Connections at once, of one host and of all. */
  connectionsOfOne: number
  connections: number
  /** Mails a minute of one host; a burst may have as many at once. */
  mailsOfStranger: number
  mailsOfKnown: number
  /** Refused addresses in one connection, after which it is closed: somebody is guessing. */
  guesses: number
}

export const usualLimits: HostLimits = {
  connectionsOfOne: 20,
  connections: 100,
  mailsOfStranger: 60,
  mailsOfKnown: 6_000,
  guesses: 10,
}

interface Host {
  connections: number
  tokens: number
  at: number
}

export function countHosts(limits: HostLimits, now: () => number = () => performance.now()) {
  const hosts = new Map<string, Host>()
  let open = 0
  const hostOf = (peer: string, most: number): Host => {
    const host = hosts.get(peer) ?? { connections: 0, tokens: most, at: now() }
    hosts.set(peer, host)
    return host
  }
  /** Hosts that went a minute ago are as new ones, so that strangers cannot fill the memory with their addresses. */
  const forget = () => {
    for (const [peer, host] of hosts) if (host.connections === 0 && now() - host.at > 60_000) hosts.delete(peer)
  }
  return {
    /** Whether it may come in; then `leave` must be called. */
    enter(peer: string): boolean {
      if (hosts.size > 1_000) forget()
      const host = hostOf(peer, limits.mailsOfStranger)
      if (open >= limits.connections || host.connections >= limits.connectionsOfOne) return false
      host.connections++
      open++
      return true
    },
    leave(peer: string): void {
      const host = hosts.get(peer)
      if (host === undefined) return
      host.connections--
      open--
    },
    /** Whether this host may hand in one more mail now. */
    draw(peer: string, known: boolean): boolean {
      const most = known ? limits.mailsOfKnown : limits.mailsOfStranger
      const host = hostOf(peer, most)
      const at = now()
      host.tokens = Math.min(most, host.tokens + ((at - host.at) / 60_000) * most)
      host.at = at
      if (host.tokens < 1) return false
      host.tokens--
      return true
    },
  }
}
