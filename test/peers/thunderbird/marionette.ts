/** Mozilla's remote control of its programs: length-prefixed JSON over TCP; scripts run with the program's own rights. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A program that is being driven. */
export interface Marionette {
  /** Runs the body of an async function inside the program; what it returns, which JSON must be able to carry. */
  run(body: string, ...args: unknown[]): Promise<unknown>
  /** What the dialog says that is open, which is closed; empty when there is none. */
  alert(): Promise<string>
  /** Asks the program to end. */
  quit(): Promise<void>
  close(): void
}

interface Failure {
  error: string
  message: string
  stacktrace: string
}
type Answer = [kind: 1, id: number, failure: Failure | null, result: { value?: unknown }]

/** Connects to the port that the program wrote into its profile, and works in its privileged context. */
export async function connectMarionette(port: number, scriptSeconds: number): Promise<Marionette> {
  const socket = connect(port, '127.0.0.1')
  const answers = packets(socket)
  await once(socket, 'connect')
  // The greeting names the protocol that both speak.
  const { marionetteProtocol } = (await answers.next()).value as unknown as { marionetteProtocol: number }
  if (marionetteProtocol !== 3) throw new Error(`Marionette speaks protocol ${marionetteProtocol}, not 3`)
  let last = 0
  const command = async (name: string, parameters: object = {}): Promise<unknown> => {
    const packet = Buffer.from(JSON.stringify([0, ++last, name, parameters]))
    socket.write(Buffer.concat([Buffer.from(`${packet.length}:`), packet]))
    const { value, done } = await answers.next()
    if (done) throw new Error(`the program ended during ${name}`)
    const [, id, failure, result] = value as Answer
    if (id !== last) throw new Error(`answer ${id} came for command ${last}`)
    if (failure) throw new Error(`${failure.error}: ${failure.message}\n${failure.stacktrace}`)
    return result?.value
  }
  await command('WebDriver:NewSession', {
    capabilities: { alwaysMatch: { timeouts: { script: scriptSeconds * 1000 }, unhandledPromptBehavior: 'ignore' } },
  })
  await command('Marionette:SetContext', { value: 'chrome' })
  return {
    run: (body, ...args) =>
      command('WebDriver:ExecuteScript', { script: `return (async function () {\n${body}\n}).apply(null, arguments)`, args }),
    alert: async () => {
      try {
        const said = String(await command('WebDriver:GetAlertText'))
        await command('WebDriver:DismissAlert')
        return said
      } catch (error) {
        if (String(error).includes('no such alert')) return ''
        throw error
      }
    },
    quit: async () => void (await command('Marionette:Quit', { flags: ['eForceQuit'] })),
    close: () => void socket.destroy(),
  }
}

/** `LENGTH:JSON`, one after another, until the other side ends. */
async function* packets(socket: Socket): AsyncGenerator<object, undefined> {
  let kept = Buffer.alloc(0)
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    kept = Buffer.concat([kept, chunk])
    for (;;) {
      const colon = kept.indexOf(0x3a)
      const length = colon < 0 ? NaN : Number(kept.subarray(0, colon).toString('latin1'))
      const end = colon + 1 + length
      if (!(kept.length >= end)) break
      yield JSON.parse(kept.subarray(colon + 1, end).toString('utf8')) as object
      kept = kept.subarray(end)
    }
  }
}
