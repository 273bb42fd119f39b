import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import type { ServiceState, SiteAdministration } from './contract.ts'

const roles = ['Exchange Servers', 'Exchange Server Certificates'] as const
const view = [...roles, 'View-Only Configuration', 'Monitoring'] as const

/** Services of the site by name: Get-, Start-, Stop-, Restart-Service and Test-ServiceHealth (source R1). */
export function serviceCmdlets(site: SiteAdministration): Cmdlet[] {
  const { services } = site
  const name = () => take.mandatory(take.list(take.string()), { position: 0, pipeline: true })

  /** Names as written, with * for any text. */
  function named(written: readonly string[]): ServiceState[] {
    const all = services.list()
    return written.flatMap((one) => {
      const found = all.filter((service) => matches(service.name, one) || matches(service.displayName, one))
      if (found.length > 0 || one.includes('*')) return found
      throw new Refusal('ObjectNotFound', `There is no service '${one}'. There are ${all.map((each) => each.name).join(', ')}.`, {
        service: one,
      })
    })
  }

  /** Whoever came through the listener that is to stop would wait for the end of their own request. */
  async function stop(state: ServiceState, force: boolean, { caller, warn }: CmdletContext): Promise<void> {
    const stopping = services.stop(state.name, { force })
    if (caller.kind === 'system' || !takesConnectionWith(state, services.list())) return stopping
    const early = await Promise.race([
      stopping.then(() => 'done' as const),
      new Promise<'later'>((resolve) => setImmediate(resolve, 'later')),
    ])
    if (early === 'later') warn(`${state.name} carries your own connection: it stops when this request has been answered.`)
  }

  return [
    cmdlet('Get-Service', {
      summary: 'Lists the services of the site, or those named, with whether they run.',
      roles: view,
      parameters: { Name: take.optional(take.list(take.string()), { position: 0, pipeline: true, fallback: ['*'] }) },
      returns: 'Service',
      examples: [{ command: 'Get-Service MSExchange*', says: 'Lists every service whose name begins with MSExchange.' }],
      run: async ({ Name = ['*'] }, context) => {
        ours(site, context)
        return named(Name).map((state) => shown(state, services.list()))
      },
    }),
    cmdlet('Start-Service', {
      summary: 'Starts services, first those that they depend on.',
      roles,
      parameters: { Name: name(), PassThru: take.optional(take.switched()) },
      returns: 'Service',
      async *run({ Name, PassThru }, context) {
        ours(site, context)
        for (const state of named(Name)) {
          await services.start(state.name)
          if (PassThru) yield* named([state.name]).map((one) => shown(one, services.list()))
        }
      },
    }),
    cmdlet('Stop-Service', {
      summary: 'Stops services; with -Force also those that depend on them.',
      roles,
      parameters: { Name: name(), Force: take.optional(take.switched()), PassThru: take.optional(take.switched()) },
      returns: 'Service',
      examples: [
        {
          command: '(Test-ServiceHealth).ServicesRunning | %{Stop-Service $_ -Force}',
          says: 'Stops every service that runs, before an upgrade.',
        },
      ],
      async *run({ Name, Force = false, PassThru }, context) {
        ours(site, context)
        for (const state of named(Name)) {
          await stop(state, Force, context)
          if (PassThru) yield* named([state.name]).map((one) => shown(one, services.list()))
        }
      },
    }),
    cmdlet('Restart-Service', {
      summary: 'Stops services and starts them again, with those that depend on them when -Force is given.',
      roles,
      parameters: { Name: name(), Force: take.optional(take.switched()) },
      async run({ Name, Force = false }, context) {
        ours(site, context)
        for (const state of named(Name)) {
          const before = services.list().filter(({ status }) => status === 'Running')
          await services.stop(state.name, { force: Force })
          for (const { name: was } of before) await services.start(was)
        }
      },
    }),
    cmdlet('Test-ServiceHealth', {
      summary: 'Tells for each role of the server which of the services that it needs run.',
      roles: view,
      parameters: { Server: take.optional(take.identity(), { position: 0, pipeline: true }) },
      returns: 'ServiceHealth',
      run: async (_, context) => {
        ours(site, context)
        return healthByRole(services.list())
      },
    }),
  ]
}

/** Services, supportability and health are the site's own: administrators of its other tenants do not see them. */
export function ours({ owner }: SiteAdministration, { caller }: CmdletContext): void {
  if (caller.kind === 'system' || caller.organisation === owner()) return
  throw new Refusal('AccessDenied', 'The services of this site are administered by the organisation that runs it.')
}

function takesConnectionWith(state: ServiceState, all: readonly ServiceState[]): boolean {
  return all.some(({ dependsOn }) => dependsOn.includes(state.name)) || state.dependsOn.length > 0
}

function shown(state: ServiceState, all: readonly ServiceState[]): object {
  return {
    Status: state.status,
    Name: state.name,
    DisplayName: state.displayName,
    ServiceName: state.name,
    ServicesDependedOn: state.dependsOn,
    DependentServices: all.filter(({ dependsOn }) => dependsOn.includes(state.name)).map(({ name }) => name),
    CanStop: state.status === 'Running',
  }
}

function healthByRole(all: readonly ServiceState[]): object[] {
  const roles = [...new Set(all.flatMap((state) => state.roles))]
  return roles.map((Role) => {
    const needed = all.filter((state) => state.roles.includes(Role))
    const names = (running: boolean) => needed.filter(({ status }) => (status === 'Running') === running).map(({ name }) => name)
    return { Role, RequiredServicesRunning: names(false).length === 0, ServicesRunning: names(true), ServicesNotRunning: names(false) }
  })
}
