import { domainOf, type ConfigurationObject, type Directory } from '#directory'
import type { Hop, HopHeard, Hybrid, LookupTrace } from '#hybrid'
import { Refusal, type Caller } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf, type WorkProgress } from '../registry/progress.ts'

const roles = ['Federated Sharing', 'View-Only Configuration'] as const

/** Tests of the trust with other organisations; each makes the real calls and reports every step (source R4). */
export function testCmdlets(hybrid: Pick<Hybrid, 'probe' | 'probeTrust'>): Cmdlet[] {
  return [
    cmdlet('Test-FederationTrust', {
      summary: 'Tries the federation trust: metadata, certificates, and a token on behalf of one of our people.',
      roles,
      parameters: { UserIdentity: take.mandatory(take.identity(), { position: 0 }) },
      returns: 'TestResult',
      async run({ UserIdentity }, context) {
        const person = await personOf(context, UserIdentity)
        using progress = progressOf(context, 'Test-FederationTrust')
        return resultsOf(await hybrid.probeTrust(person, callsIn(progress)))
      },
    }),
    objectTest(hybrid, 'OrganizationRelationship', ({ DomainNames }) => DomainNames),
    objectTest(hybrid, 'AvailabilityAddressSpace', ({ ForestName }) => [ForestName]),
    cmdlet('Test-OAuthConnectivity', {
      summary: 'Makes a lookup by OAuth, as the mailbox named would: challenge, tokens, Autodiscover (unless EWS is named), EWS.',
      roles,
      parameters: {
        Service: take.mandatory(take.oneOf(['EWS', 'AutoD', 'Generic']), { position: 0 }),
        TargetUri: take.optional(take.uri(), { position: 1 }),
        Mailbox: take.mandatory(take.identity(), { position: 2 }),
        Target: take.optional(take.string()),
      },
      returns: 'TestResult',
      async run({ Service, TargetUri, Mailbox, Target }, context) {
        const caller = await personOf(context, Mailbox)
        const target = Target ?? (await somebodyOf(context, await connectedDomains(context)))
        const instead = TargetUri && Service !== 'Generic' ? { instead: { service: Service, uri: TargetUri } } : {}
        using progress = progressOf(context, 'Test-OAuthConnectivity')
        return resultsOf(await hybrid.probe(caller, { kind: 'IntraOrganizationConnector', ...instead }, target, callsIn(progress)))
      },
    }),
  ]
}

/** The test of one object that leads to another organisation. */
function objectTest<K extends 'OrganizationRelationship' | 'AvailabilityAddressSpace'>(
  hybrid: Pick<Hybrid, 'probe'>,
  kind: K,
  domainsOf: (object: ConfigurationObject<K>) => string[],
): Cmdlet {
  return cmdlet(`Test-${kind}`, {
    summary: `Makes a free/busy lookup through one ${kind}, as one of our people would.`,
    roles,
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0 }),
      UserIdentity: take.mandatory(take.identity(), { position: 1 }),
      Target: take.optional(take.string()),
    },
    returns: 'TestResult',
    async run({ Identity, UserIdentity, Target }, context) {
      const object = await context.configuration.get(context.organisation, kind, Identity)
      const target = Target ?? (await somebodyOf(context, domainsOf(object)))
      const person = await personOf(context, UserIdentity)
      using progress = progressOf(context, `Test-${kind}`)
      return resultsOf(await hybrid.probe(person, { kind, identity: Identity }, target, callsIn(progress)))
    },
  })
}

/** Each call is a step; how many there will be depends on what they find. */
export const callsIn =
  (progress: WorkProgress): HopHeard =>
  (what) =>
    progress.step({ status: what })

async function connectedDomains({ configuration, organisation }: CmdletContext): Promise<string[]> {
  const connectors = await configuration.list(organisation, 'IntraOrganizationConnector')
  return connectors.flatMap(({ TargetAddressDomains }) => TargetAddressDomains)
}

async function personOf({ directory, organisation }: CmdletContext, identity: string): Promise<Caller> {
  const person = await directory.find(identity, organisation)
  if (!person?.mailbox) throw new Refusal('ObjectNotFound', `'${identity}' has no mailbox here.`)
  return directory.callerFor(person)
}

/** Somebody whom we know in one of the domains of another organisation. */
async function somebodyOf({ directory, organisation }: CmdletContext, domains: readonly string[]): Promise<string> {
  for await (const address of externalAddresses(directory, organisation)) if (domains.includes(domainOf(address))) return address
  const where = domains.join(', ') || 'the other organisation'
  throw new Refusal('InvalidParameter', `Nobody of ${where} is in the address book; name somebody with -Target.`, { parameter: 'Target' })
}

async function* externalAddresses(directory: Directory, organisation: string): AsyncGenerator<string> {
  const page = 200
  for (let after = '', more = true; more;) {
    const some = await directory.list(organisation, ['MailUser', 'MailContact'], after, page)
    for (const { externalAddress } of some) if (externalAddress) yield externalAddress.replace(/^smtp:/i, '').toLowerCase()
    after = some.at(-1)?.id ?? ''
    more = some.length === page
  }
}

/** Each step as a line; the last says what came of it. */
function resultsOf({ id, branches, outcomes }: LookupTrace): object[] {
  const hops = branches.flatMap((branch) => branch.hops.map((hop) => ({ generation: branch.generation, ...hop })))
  return [
    ...branches.flatMap(({ rows }) => rows.map(({ kind, name, why }) => ({ Id: kind, Type: /disabled/.test(why) ? 'Warning' : 'Success', Message: `'${name}': ${why}.` }))), // prettier-ignore
    ...hops.map(stepOf),
    ...outcomes.map(({ address, code, view, cause }) => ({
      Id: 'Answer',
      Type: code === 'NoError' ? 'Success' : 'Error',
      Message: `${address}: ${[code === 'NoError' ? view : code, cause].filter(Boolean).join(' – ')}`,
      Trace: id,
    })),
  ]
}

function stepOf({ what, verdict, cause, remedy, url, scheme, status, ms, token }: Hop): object {
  return {
    Id: what,
    Type: verdict === 'ok' ? 'Success' : 'Error',
    Message: [cause, remedy].filter(Boolean).join(' '),
    ...(url ? { Url: url } : {}),
    ...(scheme ? { Scheme: scheme } : {}),
    ...(status ? { Status: status } : {}),
    ...(token ? { Token: token } : {}),
    Milliseconds: ms,
  }
}
