import { request } from 'node:http'
import { resolve } from 'node:path'
import { z } from 'zod'
import { Refusal, type RefusalCode } from '#model'
import { adminSocketAt } from '../http/admin-socket.ts'
import { isLabFolder } from '../lab/lab-folder.ts'
import { folderOf, type LabSite } from '../lab/lab-sites.ts'
import { folderProblem, StartProblem } from '../start-problem.ts'

/** A running site, administered through the socket in its data folder. */
export interface AdminClient {
  /** Runs one cmdlet; its refusals are thrown as they are. */
  invoke(cmdlet: string, args: Record<string, unknown>): Promise<Record<string, unknown>[]>
  /** Runs one command line. */
  run(line: string): Promise<Record<string, unknown>[]>
}

export interface AdminAt {
  /** A site's data folder, or a lab's. */
  data: string
  /** Which of a lab's sites. */
  site?: LabSite
  /** GUID, name or domain; the site's first organisation when left out. */
  organisation?: string
}

const answer = z.object({ value: z.array(z.record(z.string(), z.unknown())), '@adminapi.warnings': z.array(z.string()).default([]) })
const problem = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** Where a site's socket is: of a lab, the site named, on-premises when none is. */
export async function adminClient({ data, site, organisation = 'default' }: AdminAt): Promise<AdminClient> {
  const folder = (await isLabFolder(data)) ? folderOf(resolve(data), site ?? 'onprem') : resolve(data)
  const { path: socketPath, tooLong } = adminSocketAt(folder)
  if (tooLong) {
    throw new StartProblem(
      `A site with the data in ${folder} opens no socket for commands: ${tooLong}.`,
      'Move the data to a folder with a shorter path, start the site there, and name that folder with --data.',
    )
  }
  const post = (operation: string, body: object) =>
    send(socketPath, folder, `/adminapi/v2.0/${encodeURIComponent(organisation)}/${operation}`, body)
  return {
    invoke: (CmdletName, Parameters) => post('InvokeCommand', { CmdletInput: { CmdletName, Parameters } }),
    run: (Line) => post('InvokeLine', { Line }),
  }
}

function send(socketPath: string, folder: string, path: string, body: object): Promise<Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST', headers: { 'content-type': 'application/json' } })
    const failed = (error: unknown) => reject(explained(error, folder))
    asking.on('error', failed)
    asking.on('response', async (response) => {
      try {
        let text = ''
        for await (const part of response) text += String(part)
        resolve(read(text))
      } catch (error) {
        failed(error)
      }
    })
    asking.end(JSON.stringify(body))
  })
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

function read(text: string): Record<string, unknown>[] {
  const value: unknown = JSON.parse(text)
  const refused = problem.safeParse(value)
  if (refused.success) throw new Refusal(refused.data.error.code as RefusalCode, refused.data.error.message)
  const good = answer.parse(value)
  for (const warning of good['@adminapi.warnings']) console.error(`Warning: ${warning}`)
  return good.value
}
