import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '../test/peers/programs.ts'

export interface Postfix {
  port: number
  /** Messages in the mailbox by now. */
  delivered(): Promise<number>
  stop(): Promise<void>
}

/** Debian's Postfix, delivering by LMTP to Debian's Dovecot, both in a folder of their own, as root (as they insist). */
export async function startPostfix(): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), 'isthmus-postfix-'))
  const [port = 0] = await freePorts(1)
  chmodSync(folder, 0o755)
  const configuration = join(folder, 'postfix')
  const dovecot = join(folder, 'dovecot.conf')
  const mail = join(folder, 'mail')
  const stop = async (): Promise<void> => {
    spawnSync('postfix', ['-c', configuration, 'stop'], { stdio: 'ignore' })
    spawnSync('doveadm', ['-c', dovecot, 'stop'], { stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const owner = Number(execFileSync('id', ['-u', 'nobody']))
    mkdirSync(mail)
    chownSync(mail, owner, owner)
    writeDovecot(dovecot, folder, mail, owner)
    execFileSync('dovecot', ['-c', dovecot], { stdio: 'ignore' })
    writePostfix(configuration, folder, port)
    execFileSync('postfix', ['-c', configuration, 'start'], { stdio: 'ignore' })
  } catch (error) {
    await stop()
    throw error
  }
  const arrived = join(mail, 'mary@contoso.test', 'new')
  return { port, delivered: async () => (existsSync(arrived) ? readdirSync(arrived).length : 0), stop }
}

function writeDovecot(path: string, folder: string, mail: string, owner: number): void {
  const lines = [
    `base_dir = ${folder}/run`,
    `state_dir = ${folder}/state`,
    `log_path = ${folder}/dovecot.log`,
    'protocols = lmtp',
    'ssl = no',
    `mail_location = maildir:${mail}/%u`,
    'first_valid_uid = 1',
    'first_valid_gid = 1',
    'auth_mechanisms = plain',
    'passdb {\n  driver = static\n  args = nopassword=y\n}',
    `userdb {\n  driver = static\n  args = uid=${owner} gid=${owner} home=${mail}/%u allow_all_users=yes\n}`,
    `service lmtp {\n  process_min_avail = 4\n  unix_listener ${folder}/lmtp {\n    mode = 0666\n  }\n}`,
  ]
  writeFileSync(path, lines.join('\n') + '\n')
}

function writePostfix(configuration: string, folder: string, port: number): void {
  mkdirSync(configuration)
  const template = ['/etc/postfix/master.cf.proto', '/usr/share/postfix/master.cf.dist'].find((path) => existsSync(path))
  if (!template) throw new Error('Postfix came without a master.cf to start from')
  cpSync(template, join(configuration, 'master.cf'))
  const services = readFileSync(template, 'utf8')
    .replace(/^smtp +inet.*$/m, `127.0.0.1:${port} inet n - n - - smtpd`)
    // Not in a chroot: the folder has none of the system's files.
    .replace(/^(\w+ +(?:unix|fifo|unix-dgram) +\S+ +\S+) +[y-]( .*)$/gm, '$1 n$2')
  writeFileSync(join(configuration, 'master.cf'), services)
  mkdirSync(join(folder, 'queue'))
  mkdirSync(join(folder, 'data'))
  chownSync(join(folder, 'data'), Number(execFileSync('id', ['-u', 'postfix'])), Number(execFileSync('id', ['-g', 'postfix'])))
  const settings = {
    compatibility_level: '3.6',
    queue_directory: `${folder}/queue`,
    data_directory: `${folder}/data`,
    maillog_file: `${folder}/queue/mail.log`,
    maillog_file_prefixes: folder,
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    myhostname: 'bench.test',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    virtual_mailbox_domains: 'contoso.test',
    virtual_transport: `lmtp:unix:${folder}/lmtp`,
    lmtp_destination_concurrency_limit: '20',
    smtpd_peername_lookup: 'no',
    smtpd_client_connection_rate_limit: '0',
    alias_maps: '',
    alias_database: '',
  }
  writeFileSync(
    join(configuration, 'main.cf'),
    Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
  )
}
