import type { Hybrid } from '#hybrid'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const roles = ['Federated Sharing'] as const

/** The cmdlets of server-to-server trust that ask the auth service (source R4(c)). `derived` are those made from the kinds alone. */
export function oauthCmdlets(
  { authServers, servicePrincipals, forget }: Pick<Hybrid, 'authServers' | 'servicePrincipals' | 'forget'>,
  derived: ReadonlyMap<string, Cmdlet>,
): Cmdlet[] {
  const [create, change] = [derived.get('New-AuthServer'), derived.get('Set-AuthServer')]
  if (!create || !change) throw new Error('the cmdlets of AuthServer are not there')
  return [
    cmdlet('New-AuthServer', {
      ...create,
      parameters: create.parameters,
      async run(args, context) {
        await create.run(args, context)
        const { Name, AuthMetadataUrl } = args as { Name: string; AuthMetadataUrl?: string }
        if (AuthMetadataUrl) await refreshed(() => authServers.refresh(context.organisation, Name), () => context.configuration.remove(context.organisation, 'AuthServer', Name)) // prettier-ignore
        // Who has just changed whom is trusted expects the next lookup to find out anew.
        forget()
        return context.configuration.get(context.organisation, 'AuthServer', Name)
      },
    }),
    cmdlet('Set-AuthServer', {
      ...change,
      parameters: { ...change.parameters, RefreshAuthMetadata: take.optional(take.switched()) },
      async run(args, context) {
        const { RefreshAuthMetadata, ...rest } = args as { Identity: string; RefreshAuthMetadata?: boolean }
        // By its GUID: the name may be what changes.
        const { Guid } = await context.configuration.get(context.organisation, 'AuthServer', rest.Identity)
        if (Object.keys(rest).length > 1) for await (const _ of read(change.run(rest, context)));
        if (RefreshAuthMetadata) await authServers.refresh(context.organisation, Guid)
        forget()
      },
    }),
    cmdlet('Get-ServicePrincipal', {
      summary: 'Shows what the auth service knows of Exchange in this tenant.',
      roles: [...roles, 'View-Only Configuration'],
      parameters: {},
      returns: 'ServicePrincipal',
      run: (_, { organisation }) => servicePrincipals.change(organisation, {}),
    }),
    cmdlet('Set-ServicePrincipal', {
      summary:
        'Changes what the auth service knows of Exchange in this tenant: its certificates and the resources that tokens are given for.',
      roles,
      parameters: {
        AddCertificate: take.optional(take.list(take.string())),
        RemoveCertificate: take.optional(take.list(take.string())),
        AddResource: take.optional(take.list(take.uri())),
        RemoveResource: take.optional(take.list(take.uri())),
      },
      returns: 'ServicePrincipal',
      async run({ AddCertificate, RemoveCertificate, AddResource, RemoveResource }, { organisation }) {
        return servicePrincipals.change(organisation, {
          ...(AddCertificate ? { addCertificates: AddCertificate } : {}),
          ...(RemoveCertificate ? { removeCertificates: RemoveCertificate } : {}),
          ...(AddResource ? { addResources: AddResource } : {}),
          ...(RemoveResource ? { removeResources: RemoveResource } : {}),
        })
      },
    }),
  ]
}

/** An object made is taken back when what it is for cannot be read. */
async function refreshed(work: () => Promise<unknown>, undo: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (error instanceof Refusal) await undo()
    throw error
  }
}

async function* read(output: ReturnType<Cmdlet['run']>): AsyncGenerator<object> {
  if (Symbol.asyncIterator in output) yield* output
  else await output
}
