import type { Codec, Field, Infer, TextCodec } from './codec.ts'

export type Choices = Readonly<Record<string, Codec<unknown>>>
/** Which of the elements it is, and its value. */
export type Tagged<C extends Choices> = { [K in keyof C & string]: { is: K; value: Infer<C[K]> } }[keyof C & string]

/** A member that may be left out. */
export function optional<T>(of: Codec<T>): Field<T, true>
export function optional<T>(of: Field<T>): Field<T, true>
export function optional<T>(of: Codec<T> | Field<T>): Field<T, true> {
  return isField(of) ? { ...of, optional: true } : { place: 'element', optional: true, codec: of }
}

export function attribute<T>(of: TextCodec<T>): Field<T, false> {
  return { place: 'attribute', optional: false, codec: of }
}

/** The element itself several times, without an element around them; at least once unless optional. */
export function repeated<T>(of: Codec<T>): Field<T[], false> {
  return { place: 'repeated', optional: false, codec: of }
}

/** Exactly one of some elements. */
export function choice<const C extends Choices>(choices: C): Field<Tagged<C>, false> {
  return { place: 'choice', optional: false, choices }
}

/** Any of some elements, several times, in the order they came; at least one unless optional. */
export function choices<const C extends Choices>(of: C): Field<Tagged<C>[], false> {
  return { place: 'choices', optional: false, choices: of }
}

/** Exactly one of some elements, all of one type, whose value says itself which one it is. */
export function choiceNamed<T>(of: Readonly<Record<string, Codec<T>>>, nameOf: (value: T) => string): Field<T, false> {
  return { place: 'choice', optional: false, choices: of as Choices, nameOf: nameOf as (value: unknown) => string }
}

/** The element's own text, beside its attributes. */
export function text<T>(of: TextCodec<T>): Field<T, false> {
  return { place: 'text', optional: false, codec: of }
}

export function isField(of: object): of is Field<unknown> {
  return 'place' in of
}

export type Fields = Readonly<Record<string, Codec<unknown> | Field<unknown>>>
type ValueOf<F> = F extends Field<infer T> ? T : F extends Codec<infer T> ? T : never
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { readonly optional: true } ? K : never }[keyof F]
/** The value of a record: optional members may be absent. */
export type RecordValue<F extends Fields> = { -readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]> } & {
  -readonly [K in OptionalKeys<F>]?: ValueOf<F[K]>
} extends infer V
  ? { [K in keyof V]: V[K] }
  : never
