/** What one client may cost. Times in milliseconds. */
export interface SmtpLimits {
  /** Connections at once, of all and of one address. */
  connections: number
  connectionsPerAddress: number
  /** Silence after which a connection ends (RFC 5321 4.5.3.2 asks for five minutes). */
  silence: number
  /** A message, or the time between two, may take this long however busy the client keeps the line. */
  transaction: number
  /** A session that has signed in takes no message any more after this; who goes on connects and signs in anew. */
  signedIn: number
  /** Recipients refused on one connection before it ends: address harvesting. */
  refusals: number
  /** Bytes of one command line. */
  commandLine: number
  /** Bytes of messages held at once while they come in, of all connections together; at least two of the largest fit. */
  incoming: number
}

export const defaultSmtpLimits: SmtpLimits = {
  connections: 1000,
  connectionsPerAddress: 200,
  silence: 5 * 60_000,
  transaction: 15 * 60_000,
  signedIn: 30 * 60_000,
  refusals: 20,
  commandLine: 8192,
  incoming: 512 * 1024 * 1024,
}
