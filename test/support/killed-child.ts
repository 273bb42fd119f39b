import { spawn } from 'node:child_process'

/** Runs a script until it has printed more lines than `enough`, kills it (SIGKILL), and gives the lines that it had finished. */
export async function killedAfter(script: string, args: readonly string[], enough: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    output += text
    if (output.split('\n').length > enough) child.kill('SIGKILL')
  })
  await ended
  // The last line may be cut.
  return output.split('\n').slice(0, -1)
}
