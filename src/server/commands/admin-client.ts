import { resolve } from 'node:path'
import { Refusal } from '#model'
import { unmarked } from '#shell'
import { adminSocketAt } from '../http/admin-socket-path.ts'
import { isLabFolder } from '../lab/lab-folder.ts'
import { folderOf, type LabSite } from '../lab/lab-layout.ts'
import { folderProblem, StartProblem } from '../start-problem.ts'
import { overSocket, type Send } from './admin-send.ts'
import { objectsFrom } from './remote-host.ts'

/** A running site, administered through the socket in its data folder. */
export interface AdminClient {
  /** Runs one cmdlet; its refusals are thrown as they are. */
  invoke(cmdlet: string, args: Record<string, unknown>): Promise<Record<string, unknown>[]>
}

export interface AdminAt {
  /** A site's data folder, or a lab's. */
  data: string
  /** Which of a lab's sites. */
  site?: LabSite
  /** GUID, name or domain; the site's first organisation when left out. */
  organisation?: string
}

/** Where a site's socket is: of a lab, the site named, on-premises when none is. */
export async function adminClient(at: AdminAt): Promise<AdminClient> {
  const { organisation = 'default' } = at
  const send = await socketOf(at)
  return {
    async invoke(CmdletName, Parameters) {
      const warn = (text: string) => console.error(`Warning: ${text}`)
      const body = { CmdletInput: { CmdletName, Parameters } }
      const run = { body, warn, progress: () => undefined, signal: new AbortController().signal }
      return (await Array.fromAsync(objectsFrom({ send, organisation }, run), unmarked)) as Record<string, unknown>[]
    },
  }
}

/** How commands reach a site through the socket in its data folder; where none answers → StartProblem. */
export async function socketOf({ data, site }: Pick<AdminAt, 'data' | 'site'>): Promise<Send> {
  const folder = (await isLabFolder(data)) ? folderOf(resolve(data), site ?? 'onprem') : resolve(data)
  const { path, tooLong } = adminSocketAt(folder)
  if (tooLong) {
    throw new StartProblem(
      `A site with the data in ${folder} opens no socket for commands: ${tooLong}.`,
      'Move the data to a folder with a shorter path, start the site there, and name that folder with --data.',
    )
  }
  const send = overSocket(path)
  return async (sending) => {
    try {
      const { body, ...sent } = await send(sending)
      return { ...sent, body: explainedBody(body, folder) }
    } catch (error) {
      throw explained(error, folder)
    }
  }
}

async function* explainedBody(body: AsyncIterable<Uint8Array>, folder: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    throw explained(error, folder)
  }
}

/** What the system said of the socket, in words; anything else as it is. */
function explained(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (!(error instanceof Error) || error instanceof Refusal || !/^E[A-Z0-9]+$/.test(code ?? '')) return error
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new StartProblem(`No site runs with the data in ${folder}.`, 'Start it (npm start), or name its data folder with --data.', error)
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return new StartProblem(
      `The site with the data in ${folder} stopped before it answered.`,
      'See its log, start it, and ask again.',
      error,
    )
  }
  return folderProblem(folder, error)
}
