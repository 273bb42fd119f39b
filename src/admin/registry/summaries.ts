// table
import type { ParameterType } from './parameter.ts'

/** What parameters of these names say everywhere. */
const byName: Readonly<Record<string, string>> = {
  Identity: 'The object meant: by its name, GUID or any other of its identities.',
}

/** The sentence of a well-known parameter. */
export const summaryOf = (name: string, _type: ParameterType): string | undefined =>
  Object.hasOwn(byName, name) ? byName[name] : undefined
