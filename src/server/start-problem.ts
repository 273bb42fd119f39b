/** Why a site cannot start, in words for whoever starts it: what happened, and what to do. */
export class StartProblem extends Error {
  readonly advice: string

  constructor(message: string, advice: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StartProblem'
    this.advice = advice
  }
}

/** Runs a step of starting that listens on a port; a port in use or not allowed becomes a StartProblem that names it. */
export async function listening<T>(what: string, at: { host: string; port: number }, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const where = `${what} port ${at.port} on ${at.host}`
    if (code === 'EADDRINUSE') {
      throw new StartProblem(
        `${where} is in use by another program.`,
        'Stop that program, or choose other ports (lab: --port-base).',
        error,
      )
    }
    if (code === 'EACCES')
      throw new StartProblem(`${where} may not be opened by this user.`, 'Choose a port above 1023, or grant the right.', error)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartProblem(`${at.host} is not an address of this machine.`, 'Choose 127.0.0.1, 0.0.0.0 or one of its addresses.', error)
    }
    throw error
  }
}

/** What hinders a folder from being read or made, in words; what no system call said is thrown as it is. */
export function folderProblem(folder: string, error: unknown): StartProblem {
  const code = (error as NodeJS.ErrnoException).code
  if (!(error instanceof Error) || !/^E[A-Z0-9]+$/.test(code ?? '')) throw error
  if (code === 'ENOTDIR' || code === 'EEXIST') return new StartProblem(`${folder} is no folder.`, 'Name a folder with --data.', error)
  if (code === 'EACCES' || code === 'EPERM') {
    return new StartProblem(`This user may not open ${folder}.`, 'Run the command as the user that the server runs as.', error)
  }
  return new StartProblem(`${folder} cannot be opened: ${error.message}.`, 'Check the folder, or name another one with --data.', error)
}
