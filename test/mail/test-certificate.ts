import { serverCertificate } from '#trust'

let made: Promise<{ cert: string; key: string }> | undefined

/** A certificate of the tests' own, made once a process. */
export function testCertificate(): Promise<{ cert: string; key: string }> {
  return (made ??= serverCertificate({ organisation: 'Contoso', names: ['localhost', '127.0.0.1'], clock: () => Date.now() }))
}
