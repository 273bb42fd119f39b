import { Refusal } from '#model'

/** One premises as the wizard works on it: through its cmdlets, as an administrator of that organisation. */
export interface Side {
  /** `on-premises` or `online`. */
  name: string
  /** Runs a cmdlet and gives its objects. Refuses what the cmdlet refuses. */
  invoke(cmdlet: string, args: Record<string, unknown>): Promise<Record<string, unknown>[]>
}

/** What the wizard did, or would do, one line an object. */
export interface WizardChange {
  side: string
  /** As an administrator would type it, without secrets. */
  command: string
}

/** Runs the wizard's cmdlets, or only writes them down. */
export interface WizardHand {
  /** Looks; always done. Nothing there → an empty list. */
  look(side: Side, cmdlet: string, args?: Record<string, unknown>): Promise<Record<string, unknown>[]>
  /** Changes, unless the run is dry: then it gives nothing. */
  change(side: Side, cmdlet: string, args: Record<string, unknown>): Promise<Record<string, unknown>[]>
  readonly dry: boolean
  readonly changes: WizardChange[]
}

/** @param seen Hears each change before it is made. */
export function createHand({ dry, seen }: { dry: boolean; seen: (change: WizardChange) => void }): WizardHand {
  const changes: WizardChange[] = []
  return {
    dry,
    changes,
    look: (side, cmdlet, args = {}) => ask(side, cmdlet, args),
    async change(side, cmdlet, args) {
      const change = { side: side.name, command: commandText(cmdlet, args) }
      changes.push(change)
      seen(change)
      return dry ? [] : ask(side, cmdlet, args)
    },
  }
}

/** What a side refuses says which side that is. */
async function ask(side: Side, cmdlet: string, args: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  try {
    return await side.invoke(cmdlet, args)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.code, `${side.name}, ${cmdlet}: ${error.message}`, { ...error.detail, side: side.name })
  }
}

/** A cmdlet with its arguments, whole, as it would be typed: `-Enabled:$true` is right for a switch and for a value. */
export function commandText(cmdlet: string, args: Record<string, unknown>): string {
  const words = Object.entries(args).map(([name, value]) => (value === true ? `-${name}:$true` : `-${name} ${valueText(value)}`))
  return [cmdlet, ...words].join(' ')
}

function valueText(value: unknown): string {
  if (value === null) return '$null'
  if (typeof value === 'boolean') return value ? '$true' : '$false'
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? '@()' : value.map(valueText).join(',')
  const text = String(value)
  return /^[A-Za-z0-9._-]+$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`
}

/**
 * Brings an object to what is wanted: made when it is not there, changed where it differs, left alone when all is well. `Get-` and the
 * others are the cmdlets of the noun; `name` is the identity.
 */
export async function ensure(
  hand: WizardHand,
  side: Side,
  noun: string,
  name: string,
  wanted: Record<string, unknown>,
  verb: 'New' | 'Add' = 'New',
): Promise<void> {
  const [found] = (await hand.look(side, `Get-${noun}`)).filter((one) => String(one.Name).toLowerCase() === name.toLowerCase())
  if (!found) return void (await hand.change(side, `${verb}-${noun}`, { Name: name, ...wanted }))
  const differing = differences(found, wanted)
  if (Object.keys(differing).length > 0) await hand.change(side, `Set-${noun}`, { Identity: name, ...differing })
}

/** What of the wanted is otherwise in what was found. */
export function differences(found: Record<string, unknown>, wanted: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(wanted).filter(([property, value]) => !isSame(found[property], value)))
}

function isSame(have: unknown, want: unknown): boolean {
  if (Array.isArray(have) && Array.isArray(want)) return JSON.stringify(have.map(String).sort()) === JSON.stringify(want.map(String).sort())
  return String(have ?? '') === String(want ?? '')
}
