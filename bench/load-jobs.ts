/** What the load process can be told to do, and what it answers. */
export type LoadJob =
  | {
      kind: 'https'
      port: number
      ca: string
      path: string
      authorization: string
      /** Of the bodies; XML when left out. */
      contentType?: string
      bodies: string[]
      connections: number
      seconds: number
    }
  /** Requests one after the other at a rate, whether or not the answers keep up; times count from when each was due. */
  | { kind: 'paced'; port: number; ca: string; path: string; requests: PacedRequest[]; connections: number; rate: number; seconds: number }
  | { kind: 'smtp'; port: number; to: string; size: number; connections: number; seconds: number }
  | { kind: 'hold'; port: number; ca: string; path: string; authorization: string; subscribe: string; listen: string; count: number }

/** One request of a paced job, and what its times are counted with. */
export interface PacedRequest {
  group: string
  authorization: string
  body: string
}

export interface LoadResult {
  /** Answers or acknowledged messages. */
  count: number
  seconds: number
  /** Median and 99th percentile of one, ms. */
  p50: number
  p99: number
  /** Bytes of the last answer. */
  bytes: number
  /** Answers that were not what was hoped for; the first of them. */
  failures: number
  failure?: string
  /** Of a paced job: by the groups of its requests. */
  groups?: Record<string, { count: number; p50: number; p99: number }>
}
