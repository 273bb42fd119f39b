import { kindRow, type ConfigurationChanges, type ConfigurationInput, type ConfigurationKind, type Property } from '#directory'
import { ByteSize, Refusal, TimeSpan } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { kindCmdlets, type ConfigurationVerb, type KindCmdlets } from './kind-cmdlets.ts'
import { shownObject } from './shown.ts'

type Bag = Record<string, unknown>

const view = 'View-Only Configuration'

function getter({ kind, roles, words, unnamed }: KindCmdlets): Cmdlet {
  const { singleton } = kindRow(kind)
  return cmdlet(`Get-${kind}`, {
    summary: singleton
      ? `Shows the ${words}${singleton === 'once' ? ', when there is one' : ''}.`
      : `Lists every ${words}, or shows the one named (* stands for any text).`,
    roles: [...roles, view],
    parameters: unnamed ? {} : { Identity: take.optional(take.identity(), { position: 0, pipeline: true }) },
    returns: kind,
    run: ({ Identity }: { Identity?: string }, context) => objects(kind, Identity, context),
  })
}

async function objects(
  kind: ConfigurationKind,
  identity: string | undefined,
  { organisation, configuration }: CmdletContext,
): Promise<Bag[]> {
  if (identity !== undefined && !identity.includes('*')) return [shownObject(kind, await configuration.get(organisation, kind, identity))]
  const all = (await configuration.list(organisation, kind)).map((object) => shownObject(kind, object))
  return identity === undefined ? all : all.filter(({ Name }) => matches(String(Name), identity))
}

function maker({ kind, roles, words, verbs, dangerous }: KindCmdlets): Cmdlet {
  const row = kindRow(kind)
  const properties = settable(kind, 'New')
  return cmdlet(`${verbs.includes('Add') ? 'Add' : 'New'}-${kind}`, {
    summary: row.singleton ? `Makes the ${words} of the organisation.` : `Makes a new ${words}.`,
    roles,
    ...(dangerous ? { dangerous } : {}),
    parameters: {
      ...(row.name === 'given' ? { Name: take.mandatory(take.string(), { position: 0 }) } : {}),
      ...Object.fromEntries(
        properties.map(([parameter, , property]) => {
          const plain = plainParameter(property)
          const listed = property.many ? take.list(plain) : plain
          return [parameter, property.need === 'needed' ? take.mandatory(listed) : take.optional(take.nullable(listed))]
        }),
      ),
    },
    returns: kind,
    async run(args: Bag, { organisation, configuration, warn }) {
      const input: Bag = row.name === 'given' ? { Name: args.Name } : {}
      for (const [parameter, name] of properties) if (args[parameter] !== undefined) input[name] = args[parameter]
      const made = await configuration.create(organisation, kind, input as unknown as ConfigurationInput<typeof kind>)
      tellInert(properties, args, warn)
      return shownObject(kind, made)
    },
  })
}

function setter({ kind, roles, words, unnamed, dangerous }: KindCmdlets): Cmdlet {
  const row = kindRow(kind)
  const identity = take.identity()
  return cmdlet(`Set-${kind}`, {
    summary: `Changes the ${words}${row.singleton ? '' : ' named'}.`,
    roles,
    ...(dangerous ? { dangerous } : {}),
    parameters: {
      ...(unnamed
        ? {}
        : {
            Identity: row.singleton
              ? take.optional(identity, { position: 0, pipeline: true })
              : take.mandatory(identity, { position: 0, pipeline: true }),
          }),
      ...(row.name === 'given' ? { Name: take.optional(take.string()) } : {}),
      ...setParameters(kind),
    },
    async run(args: Bag, { organisation, configuration, warn }) {
      await configuration.update(organisation, kind, args.Identity as string | undefined, (current) => ({
        ...(args.Name === undefined ? {} : { Name: args.Name as string }),
        ...changesOf(kind, current as unknown as Bag, args),
      }))
      tellInert(settable(kind, 'Set'), args, warn)
    },
  })
}

/** Nobody is to believe in an effect that is not there. */
function tellInert(properties: ReturnType<typeof settable>, args: Bag, warn: (message: string) => void): void {
  const inert = properties.filter(([parameter, , property]) => property.inert && args[parameter] !== undefined)
  if (inert.length > 0) warn(`${inert.map(([parameter]) => `-${parameter}`).join(', ')}: kept and shown, but nothing here acts on it yet.`)
}

/** The same of the arguments of a `Set-…` that is written by itself. */
export const warnOfInert = (kind: ConfigurationKind, args: Bag, warn: (message: string) => void): void =>
  tellInert(settable(kind, 'Set'), args, warn)

/** A parameter for each property of the kind that `Set-…` changes. */
export function setParameters(kind: ConfigurationKind): take.Parameters {
  return Object.fromEntries(
    settable(kind, 'Set').map(([parameter, , property]) => {
      const plain = plainParameter(property)
      const listed = property.many ? take.listChange(plain) : plain
      return [parameter, take.optional(property.need === 'needed' ? listed : take.nullable(listed))]
    }),
  )
}

/** The changes that arguments of `Set-…` ask of an object. */
export function changesOf(kind: ConfigurationKind, current: Bag, args: Bag): ConfigurationChanges<ConfigurationKind> {
  const changes: Bag = {}
  for (const [parameter, name, property] of settable(kind, 'Set')) {
    const value = args[parameter]
    if (value === undefined) continue
    changes[name] =
      property.many && value !== null ? take.changedList(current[name] as unknown[], value as take.ListChange<unknown>) : value
  }
  return changes as ConfigurationChanges<ConfigurationKind>
}

function remover({ kind, roles, words, dangerous }: KindCmdlets): Cmdlet {
  const identity = take.identity()
  const one = kindRow(kind).singleton
  return cmdlet(`Remove-${kind}`, {
    summary: `Removes the ${words}${one ? '' : ' named'}.`,
    roles,
    ...(dangerous ? { dangerous } : {}),
    destroys: true,
    parameters: {
      Identity: one ? take.optional(identity, { position: 0 }) : take.mandatory(identity, { position: 0, pipeline: true }),
    },
    async run({ Identity }: { Identity?: string }, { organisation, configuration }) {
      if (kind === 'FederationTrust') await trustIsFree(organisation, Identity ?? '', configuration)
      await configuration.remove(organisation, kind, Identity)
    },
  })
}

/** A federation trust in use stays: the organisation would lose its federation without a word. */
async function trustIsFree(organisation: string, identity: string, configuration: CmdletContext['configuration']): Promise<void> {
  const { Name } = await configuration.get(organisation, 'FederationTrust', identity)
  const { DelegationTrustLink } = await configuration.get(organisation, 'FederatedOrganizationIdentifier')
  if (DelegationTrustLink.toLowerCase() === Name.toLowerCase()) {
    throw new Refusal(
      'InvalidConfiguration',
      `The organisation is federated over '${Name}': disable that first (Set-FederatedOrganizationIdentifier -DelegationFederationTrust $null).`,
      {
        kind: 'FederationTrust',
      },
    )
  }
}

/** Parameter, property and row of what a verb sets. */
function settable(kind: ConfigurationKind, verb: 'New' | 'Set'): [parameter: string, name: string, property: Property<unknown>][] {
  return Object.entries(kindRow(kind).properties)
    .filter(([, { cmdlets }]) => cmdlets.includes(verb))
    .map(([name, property]) => [property.parameter ?? name, name, property])
}

type Plain = take.Parameter<unknown, 'optional'>

function plainParameter({ type, values, isSwitch, fallback }: Property<unknown>): Plain {
  switch (type) {
    case 'flag':
      return isSwitch ? take.switched() : take.boolean()
    case 'enum':
      return take.oneOf(values ?? [])
    case 'number':
      return take.number()
    case 'limit':
      return storable(take.count(0))
    case 'bytes':
      return storable(take.bytes())
    case 'timeSpan':
      return fallback === 'Unlimited' ? orUnlimited(storable(take.timeSpan())) : storable(take.timeSpan())
    case 'uri':
      return take.uri()
    case 'guid':
      return take.guid()
    case 'instant':
      return take.instant()
    case 'credential':
      return take.credential()
    case 'text':
    case 'domain':
    case 'address':
    case 'thumbprint':
    case 'certificate':
      return take.string()
  }
}

const orUnlimited = (parameter: Plain): Plain => ({
  ...parameter,
  read: (value) => (typeof value === 'string' && /^unlimited$/i.test(value.trim()) ? 'Unlimited' : parameter.read(value)),
})

/** The value in the form in which it is kept. */
function storable({ fallback: _, ...parameter }: Plain): Plain {
  const read = (value: unknown): unknown => {
    const found = parameter.read(value)
    if (found === Number.POSITIVE_INFINITY) return 'Unlimited'
    return found instanceof ByteSize || found instanceof TimeSpan ? found.toString() : found
  }
  return { ...parameter, read }
}

const makers: Record<ConfigurationVerb, (row: KindCmdlets) => Cmdlet> = {
  Get: getter,
  New: maker,
  Add: maker,
  Set: setter,
  Remove: remover,
}

/** `Get-`, `New-`, `Add-`, `Set-` and `Remove-` of every kind in the table. */
export const configurationCmdlets: readonly Cmdlet[] = kindCmdlets.flatMap((row) => row.verbs.map((verb) => makers[verb](row)))
