import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf, type WorkProgress } from '../registry/progress.ts'
import type { HealthFinding, Heard, SiteAdministration } from './contract.ts'
import { ours } from './service-cmdlets.ts'

const view = ['View-Only Configuration', 'Monitoring', 'Exchange Servers'] as const

/** What the release supports, whether this machine is so, and how the site is (source R1). */
export function supportabilityCmdlets(site: SiteAdministration): Cmdlet[] {
  const { supportability, health, server } = site
  return [
    cmdlet('Get-SupportabilityMatrix', {
      summary: 'Shows which runtimes, databases, libraries and systems this release supports.',
      roles: view,
      parameters: { Component: take.optional(take.string(), { position: 0 }) },
      returns: 'SupportabilityRow',
      run: async ({ Component }) =>
        supportability
          .matrix()
          .filter(({ component }) => Component === undefined || component.toLowerCase() === Component.trim().toLowerCase())
          .map(({ component, supported, advice }) => ({
            Component: component,
            Supported: supported,
            Advice: advice,
            Release: supportability.release,
          })),
    }),
    cmdlet('Test-Supportability', {
      summary: 'Compares the runtime, the database, the libraries and the system with what this release supports.',
      roles: view,
      parameters: { Server: take.optional(take.identity(), { position: 0, pipeline: true }) },
      returns: 'SupportabilityFinding',
      async run(_, context) {
        ours(site, context)
        return (await supportability.check()).map(({ component, installed, supported, status, advice }) => ({
          Component: component,
          Installed: installed,
          Supported: supported,
          Status: status,
          Advice: status === 'Supported' ? '' : advice,
        }))
      },
    }),
    cmdlet('Get-ServerHealth', {
      summary: 'Shows every monitor of the server with what it found.',
      roles: view,
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
        HealthSet: take.optional(take.string()),
      },
      returns: 'ServerHealth',
      async run({ HealthSet }, context) {
        ours(site, context)
        using progress = progressOf(context, 'Get-ServerHealth')
        return chosen(await health.look(partsOf(progress)), HealthSet).map(({ healthSet, monitor, alert, says, since }) => ({
          Server: server,
          State: 'Online',
          Name: monitor,
          HealthSetName: healthSet,
          AlertValue: alert,
          Message: says,
          LastTransitionTime: new Date(since),
        }))
      },
    }),
    cmdlet('Get-HealthReport', {
      summary: 'Shows the health of the server, one line for each health set.',
      roles: view,
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
        HealthSet: take.optional(take.string()),
      },
      returns: 'HealthReport',
      async run({ HealthSet }, context) {
        ours(site, context)
        using progress = progressOf(context, 'Get-HealthReport')
        const sets = Map.groupBy(chosen(await health.look(partsOf(progress)), HealthSet), ({ healthSet }) => healthSet)
        return [...sets].map(([name, findings]) => ({
          Server: server,
          State: 'Online',
          HealthSet: name,
          AlertValue: worst(findings),
          LastTransitionTime: new Date(Math.max(...findings.map(({ since }) => since))),
          MonitorCount: findings.length,
          Message: findings
            .filter(({ alert }) => alert !== 'Healthy')
            .map(({ says }) => says)
            .join(' '),
        }))
      },
    }),
  ]
}

const partsOf =
  (progress: WorkProgress): Heard =>
  (done, of, what) =>
    progress.step({ status: what, percent: Math.floor((100 * done) / of) })

const chosen = (findings: readonly HealthFinding[], set: string | undefined) =>
  findings.filter(({ healthSet }) => set === undefined || healthSet.toLowerCase() === set.trim().toLowerCase())

const order = ['Unhealthy', 'Degraded', 'Healthy'] as const
const worst = (findings: readonly HealthFinding[]) => order.find((alert) => findings.some((one) => one.alert === alert)) ?? 'Healthy'
