import type { Codec } from './codec.ts'

/** A pair of messages: what is asked and what is answered, with the place in the specification that says so. */
export interface Operation<Q = unknown, R = unknown> {
  readonly name: string
  readonly spec: string
  readonly request: Codec<Q>
  readonly response: Codec<R>
}

export function operation<Q, R>(name: string, spec: string, messages: { request: Codec<Q>; response: Codec<R> }): Operation<Q, R> {
  return { name, spec, ...messages }
}
