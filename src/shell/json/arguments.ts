import { ByteSize, Refusal, TimeSpan } from '#model'
import type { ParameterDescription } from '../cmdlets.ts'
import { Block, Guid, SecureText, Table, Thing, type Value } from '../values.ts'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const deepest = 6

/**
 * The values of a command as the server takes them: what has no form in JSON as text, bytes in base64, an object where a name is meant by its
 * Identity. A secret goes to a parameter that takes one and to no other; what nothing can be made of → InvalidParameter.
 */
export function argumentsOf(
  cmdlet: string,
  described: readonly ParameterDescription[],
  parameters: ReadonlyMap<string, Value>,
): Record<string, Json> {
  return Object.fromEntries(
    [...parameters].map(([name, value]) => {
      const row = described.find((each) => each.name.toLowerCase() === name.toLowerCase())
      return [name, jsonOf(value, { cmdlet, name, type: row?.type ?? '' }, 0)]
    }),
  )
}

interface Place {
  cmdlet: string
  name: string
  /** Of the parameter; empty when it is not known. */
  type: string
}

function jsonOf(value: Value, place: Place, depth: number): Json {
  if (depth > deepest) throw unfit(place, 'is nested too deep')
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return dateText(value, place)
  if (value instanceof ByteSize) return value.isUnlimited ? 'Unlimited' : String(value.bytes)
  if (value instanceof TimeSpan || value instanceof Guid) return value.toString()
  if (value instanceof Uint8Array) return value.toBase64()
  if (value instanceof SecureText) return secret(value, place)
  if (value instanceof Block) return value.source.trim()
  if (value instanceof Table) return place.type === 'credential' ? credential(value, place) : table(value, place, depth)
  if (value instanceof Thing) return place.type === 'credential' ? credential(value, place) : identityOf(value, place)
  return value.map((each) => jsonOf(each, place, depth + 1))
}

function dateText(value: Date, place: Place): string {
  if (Number.isNaN(value.getTime())) throw unfit(place, 'is no date')
  return value.toISOString()
}

function secret(value: SecureText, place: Place): string {
  if (place.type !== 'secureString' && place.type !== 'credential') throw unfit(place, 'takes no secret text')
  return value.reveal()
}

function table(value: Table, place: Place, depth: number): Json {
  const entries = [...value.entries.values()].map(([key, each]): [string, Json] => [key, jsonOf(each, place, depth + 1)])
  return { '@odata.type': '#Exchange.GenericHashTable', ...Object.fromEntries(entries) }
}

/** `Get-Credential`, `New-Object PSCredential` or `@{UserName=…; Password=…}`. */
function credential(value: Table | Thing, place: Place): Json {
  const [user, password] = [value.get('UserName'), value.get('Password')]
  if (typeof user !== 'string' || !(password instanceof SecureText || typeof password === 'string')) {
    throw unfit(place, 'takes a user name and a password (Get-Credential)')
  }
  return { UserName: user, Password: typeof password === 'string' ? password : password.reveal() }
}

/** An object stands for its Identity, as a deserialised one does in PowerShell. */
function identityOf(value: Thing, place: Place): Json {
  const found = value.get('Identity') ?? value.get('Name') ?? value.text
  if (typeof found === 'string') return found
  if (found instanceof Guid) return found.toString()
  throw unfit(place, 'takes a text, and this object has no Identity')
}

const unfit = ({ cmdlet, name }: Place, what: string) =>
  new Refusal('InvalidParameter', `-${name} of ${cmdlet} ${what}.`, { cmdlet, parameter: name })
