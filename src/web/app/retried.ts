import { Refused } from './api.ts'

/** A question is asked again when the network or a busy server kept the answer back; a refusal is an answer. */
export const isRetried = (failures: number, error: unknown): boolean =>
  failures < 3 && (!(error instanceof Refused) || error.status === 503)
