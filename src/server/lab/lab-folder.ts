import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderProblem, StartProblem } from '../start-problem.ts'
import { writeWhole } from './write-whole.ts'

const labFile = 'lab.json'
/** Stands in a site's folder from its first use until the first start has filled it. */
const unfinished = 'lab-unfinished'

interface LabFile {
  made: string
  /** The password that the lab was made with: it stays, whatever later starts are told. */
  password: string
}

/**
 * Makes sure that the folder is new, or a lab's own; a folder that holds anything else is never touched. Gives the password of the
 * lab: the one it was made with, else the one given.
 */
export async function openLabFolder(data: string, { fresh, password }: { fresh: boolean; password: string }): Promise<string> {
  // What another process is just writing is the lab's own.
  const names = (await namesIn(data)).filter((name) => !(name.startsWith(labFile) && name.endsWith('.new')))
  if (names.length > 0 && !names.includes(labFile)) {
    throw new StartProblem(`${data} holds something that is not a lab.`, 'Choose another folder with --data, or empty this one yourself.')
  }
  if (fresh) for (const name of names) await rm(join(data, name), { recursive: true, force: true })
  if (!fresh && names.length > 0) return (JSON.parse(await readFile(join(data, labFile), 'utf8')) as LabFile).password || password
  const file: LabFile = { made: new Date().toISOString(), password }
  await writeWhole(join(data, labFile), `${JSON.stringify(file, null, 2)}\n`, 0o600)
  return password
}

/** What is in the folder, which is made when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await readdir(folder)
  } catch (error) {
    throw folderProblem(folder, error)
  }
}

/** True for the folder of a lab; false for any other one, or none. What cannot be opened is a StartProblem. */
export async function isLabFolder(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).includes(labFile)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw folderProblem(folder, error)
  }
}

/** Makes a site's folder ready: one whose first start was cut short starts again from nothing, with the same authority and certificate. */
export async function openSiteFolder(folder: string): Promise<void> {
  const names = await namesIn(folder)
  const kept = (name: string) => name.endsWith('.pem')
  if (names.includes(unfinished)) {
    for (const name of names) if (!kept(name)) await rm(join(folder, name), { recursive: true, force: true })
  } else if (names.some((name) => !kept(name))) return
  await writeFile(join(folder, unfinished), '')
}

/** The first start of a site has filled it. */
export async function finishSiteFolder(folder: string): Promise<void> {
  await rm(join(folder, unfinished), { force: true })
}
