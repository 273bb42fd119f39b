import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import type { Instant } from '#model'

const day = 86_400_000
const caYears = 10
/** Clients refuse server certificates that live longer than 398 days (CA/Browser Forum baseline requirements 6.3.2). */
const serverDays = 397
/** Renewed when less than this is left. */
const renewDays = 30
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface ServerCertificate {
  /** PEM of the server certificate with its CA behind it. */
  cert: string
  /** PEM (PKCS #8). */
  key: string
  /** PEM of the CA that clients have to trust. */
  ca: string
  caFile: string
  notAfter: Instant
}

/**
 * The site's own CA (made once) and a server certificate for `names` (host names and IP addresses), made anew when it is
 * near its end, was signed by another CA or lacks a name. Files: `ca.pem`, `ca-key.pem`, `server.pem`, `server-key.pem`;
 * keys are readable by the owner alone. With no folder everything stays in memory.
 */
export async function serverCertificate({
  folder,
  organisation,
  names,
  clock,
}: {
  folder?: string
  organisation: string
  names: readonly string[]
  clock: () => Instant
}): Promise<ServerCertificate> {
  if (folder) await mkdir(folder, { recursive: true, mode: 0o700 })
  const caFile = folder ? join(folder, 'ca.pem') : ''
  const ca = (await loadPair(folder, 'ca')) ?? (await savePair(folder, 'ca', await makeCa(organisation, clock())))
  const kept = await loadPair(folder, 'server')
  const fit = kept && (await isFit(kept.certificate, ca.certificate, names, clock()))
  const server = fit ? kept : await savePair(folder, 'server', await makeServer(ca, names, clock()))
  return {
    cert: server.certificate.toString('pem') + '\n' + ca.certificate.toString('pem') + '\n',
    key: await privatePem(server.key),
    ca: ca.certificate.toString('pem') + '\n',
    caFile,
    notAfter: server.certificate.notAfter.getTime(),
  }
}

interface Pair {
  certificate: x509.X509Certificate
  key: webcrypto.CryptoKey
}

async function makeCa(organisation: string, now: Instant): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ O: [organisation] }, { CN: [`${organisation} Isthmus CA`] }],
    notBefore: new Date(now - day),
    notAfter: new Date(now + caYears * 365 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate, key: keys.privateKey }
}

async function makeServer(ca: Pair, names: readonly string[], now: Instant): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [names.find((name) => !isIp(name)) ?? 'localhost'] }],
    issuer: ca.certificate.subjectName,
    notBefore: new Date(now - day),
    notAfter: new Date(Math.min(now + serverDays * day, ca.certificate.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: ca.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((name) => ({ type: isIp(name) ? 'ip' : 'dns', value: name }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate.publicKey),
    ],
  })
  return { certificate, key: keys.privateKey }
}

async function isFit(
  certificate: x509.X509Certificate,
  ca: x509.X509Certificate,
  names: readonly string[],
  now: Instant,
): Promise<boolean> {
  if (certificate.notAfter.getTime() < now + renewDays * day || certificate.notBefore.getTime() > now) return false
  const alternative = certificate.getExtension(x509.SubjectAlternativeNameExtension)
  const covered = new Set(alternative?.names.toJSON().map((name) => name.value))
  if (!names.every((name) => covered.has(name))) return false
  return certificate.verify({ publicKey: ca.publicKey, signatureOnly: true })
}

async function loadPair(folder: string | undefined, name: string): Promise<Pair | undefined> {
  if (!folder) return undefined
  const [pem, key] = await Promise.all([readIfThere(join(folder, `${name}.pem`)), readIfThere(join(folder, `${name}-key.pem`))])
  if (!pem || !key) return undefined
  const pkcs8 = x509.PemConverter.decodeFirst(key)
  return { certificate: new x509.X509Certificate(pem), key: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']) }
}

async function savePair(folder: string | undefined, name: string, pair: Pair): Promise<Pair> {
  if (!folder) return pair
  await writeAside(join(folder, `${name}-key.pem`), await privatePem(pair.key), 0o600)
  await writeAside(join(folder, `${name}.pem`), pair.certificate.toString('pem') + '\n', 0o644)
  return pair
}

async function writeAside(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode })
  await chmod(`${file}.new`, mode)
  await rename(`${file}.new`, file)
}

async function privatePem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY') + '\n'
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const isIp = (name: string) => /^[\d.]+$/.test(name) || name.includes(':')
