import { resolve } from 'node:path'
import { tellTrace, removeHybrid, setUpHybrid, type LookupTrace, type Side } from '#hybrid'
import { isLabFolder } from '../lab/lab-folder.ts'
import { labPlan } from '../lab/lab-sites.ts'
import { openZone } from '../lab/zone.ts'
import { StartProblem } from '../start-problem.ts'
import { adminClient, type AdminAt } from './admin-client.ts'
import { readPlan } from './read-plan.ts'

/** `isthmus trace freebusy`: a real lookup as one of our people, and every step of it; 1 when somebody's answer failed. */
export async function traceFreeBusy({
  from,
  to,
  days,
  json,
  ...at
}: AdminAt & { from: string; to: string[]; days: number; json?: boolean }): Promise<number> {
  const [trace] = (await (await adminClient(at)).invoke('Test-FreeBusy', { From: from, To: to, Days: days })) as unknown as LookupTrace[]
  if (!trace) throw new Error('the lookup gave no trace')
  console.log(json ? JSON.stringify(trace, null, 2) : tellTrace(trace))
  return trace.outcomes.every(({ code }) => code === 'NoError') ? 0 : 1
}

export interface HybridOptions {
  /** A lab's folder, or that of the site on-premises. */
  data: string
  /** Data folder of the online site, where it is no lab. */
  online?: string
  onlineOrganisation?: string
  /** The answers to the wizard's questions, a JSON file. */
  plan?: string
  dryRun?: boolean
}

/** `isthmus hybrid setup` and `isthmus hybrid remove`: the wizard between two running sites. */
export async function hybridWizard(
  verb: 'setup' | 'remove',
  { data, online, onlineOrganisation, plan, dryRun = false }: HybridOptions,
): Promise<number> {
  const isLab = await isLabFolder(data)
  if (!isLab && !(online && plan)) {
    throw new StartProblem(
      'The wizard does not know both sides.',
      'Name the online site with --online, and the answers with --plan; a lab needs neither.',
    )
  }
  const zone = openZone(resolve(data))
  const answers = plan ? await readPlan(plan) : labPlan
  const changes = await (verb === 'setup' ? setUpHybrid : removeHybrid)({
    plan: answers,
    onPremises: await sideAt('on-premises', isLab ? { data, site: 'onprem' } : { data }),
    online: await sideAt(
      'online',
      isLab ? { data, site: 'online' } : { data: online ?? '', ...(onlineOrganisation ? { organisation: onlineOrganisation } : {}) },
    ),
    publish: async ({ domain, text }) => {
      if (isLab) return zone.addTxt(domain, text)
      console.log(`Publish this TXT record of ${domain}, and run the wizard again if the next step does not find it:\n  ${text}`)
    },
    dry: dryRun,
    progress: (event) =>
      console.log('step' in event ? `${event.at}/${event.of} ${event.step}` : `  ${event.change.side}: ${event.change.command}`),
  })
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`
  console.log(changes.length === 0 ? 'Everything is as it should be.' : `${count} ${dryRun ? 'would be made' : 'made'}.`)
  return 0
}

async function sideAt(name: string, at: AdminAt): Promise<Side> {
  const client = await adminClient(at)
  return { name, invoke: client.invoke }
}
