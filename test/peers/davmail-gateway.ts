import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import type { PeerSite } from '../clients/peer-site.ts'
import { until } from '../clients/until.ts'
import { freePorts, requireProgram, startProgram } from './programs.ts'

export interface Gateway {
  imap: number
  smtp: number
  caldav: number
  log(): Promise<string>
  close(): Promise<void>
}

/** Starts Debian's DavMail, headless, in front of the site, on free ports. Resolves when IMAP answers. */
export async function startDavMail(site: PeerSite): Promise<Gateway> {
  requireProgram('/usr/bin/davmail-server', 'davmail-server')
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-davmail-'))
  const [imap = 0, smtp = 0, caldav = 0, pop = 0, ldap = 0] = await freePorts(5)
  const log = join(folder, 'davmail.log')
  const properties = {
    'davmail.server': true,
    'davmail.mode': 'EWS',
    'davmail.enableEws': true,
    'davmail.url': site.ews,
    'davmail.allowRemote': false,
    'davmail.bindAddress': '127.0.0.1',
    'davmail.disableUpdateCheck': true,
    'davmail.imapPort': imap,
    'davmail.smtpPort': smtp,
    'davmail.caldavPort': caldav,
    'davmail.popPort': pop,
    'davmail.ldapPort': ldap,
    'davmail.server.certificate.hash': await certificateHash(site.ews),
    'davmail.smtpSaveInSent': true,
    'davmail.imapAutoExpunge': true,
    'davmail.caldavPastDelay': 0,
    'davmail.caldavAutoSchedule': true,
    'davmail.enableKeepAlive': true,
    'davmail.logFilePath': log,
    'davmail.logFileSize': '20MB',
    'log4j.rootLogger': 'WARN',
    'log4j.logger.davmail': 'DEBUG',
    'log4j.logger.httpclient.wire': process.env.DAVMAIL_WIRE ?? 'WARN',
    'log4j.logger.org.apache.commons.httpclient': 'WARN',
  }
  const file = join(folder, 'davmail.properties')
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}`)
  await writeFile(file, lines.join('\n') + '\n')
  const program = startProgram('/usr/bin/davmail-server', [file])
  const close = async (): Promise<void> => {
    await program.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    for (const port of [imap, smtp, caldav]) await until(`DavMail on port ${port}\n${program.output()}`, () => listens(port), 60)
  } catch (error) {
    await close()
    throw error
  }
  return { imap, smtp, caldav, log: () => readFile(log, 'utf8'), close }
}

/** SHA-1 of the server's certificate, as DavMail wants it: a certificate that was looked at and taken. */
async function certificateHash(url: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  const { raw } = socket.getPeerCertificate()
  socket.destroy()
  return new X509Certificate(raw).fingerprint
}

function listens(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connectPlain(port, '127.0.0.1')
  socket.once('connect', () => (socket.destroy(), resolve(true)))
  socket.once('error', () => resolve(false))
  return promise
}
