/** A desk with Thunderbird on it, and what the server knows of the same mailbox by a client of our own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { elementsOf, type XmlElement } from '#wire'
import { connectSmtp } from '../../clients/raw-smtp.ts'
import { all, folderXml, idOf, person, text, type Id } from '../../requirements/person.ts'
import { startTestSite, testDomain, type TestSite } from '../../support/site.ts'
import { startNames } from './names.ts'
import { startThunderbird, type Thunderbird } from './start.ts'

/** A folder as Thunderbird shows it. */
export interface ShownFolder {
  path: string
  /** `inbox` and so on; empty for a folder of the person's own. */
  use: string
  total: number
  unread: number
}
/** A message as a list in Thunderbird shows it. */
export interface ShownMessage {
  subject: string
  author: string
  recipients: string
  id: string
  /** Milliseconds. */
  date: number
  isRead: boolean
  isFlagged: boolean
  /** Its bytes are on this computer. */
  isKept: boolean
}

export type Desk = Awaited<ReturnType<typeof startDesk>>

/** The site is `mail.contoso.com` for Thunderbird, as Autodiscover says, on the usual port. */
export async function startDesk() {
  const hostName = 'mail.contoso.com'
  const organisation = { name: 'Contoso', domain: testDomain, domains: ['bird.example'] }
  const site = await startTestSite({
    people: [{ address: 'finch@bird.example', displayName: 'Fiona Finch' }],
    config: { organisation, hostName, publicUrl: `https://${hostName}`, signIn: { ntlm: true } },
  })
  const known = [hostName, 'autodiscover.contoso.com', 'contoso.com'].map((name) => [`${name}:443`, site.ports.https!] as const)
  const names = await startNames(Object.fromEntries(known))
  const home = await mkdtemp(join(tmpdir(), 'isthmus-thunderbird-'))
  const start = async () => {
    const started = await startThunderbird({ home, proxy: names.port })
    await started.call('trust', site.ca, { '_autodiscover._tcp.bird.example': [{ host: hostName, port: 443, prio: 0, weight: 0 }] })
    return started
  }
  const stopRest = async () => {
    await names.close()
    await site.close()
    await rm(home, { recursive: true, force: true })
  }
  let thunderbird: Thunderbird
  try {
    thunderbird = await start()
  } catch (error) {
    await stopRest()
    throw error
  }
  const call = <T>(name: string, ...args: unknown[]) => thunderbird.call<T>(name, ...args)
  return {
    site,
    call,
    alert: () => thunderbird.alert(),
    shown: shownBy(call),
    kept: keptBy(site),
    /** Ends Thunderbird and starts it again with the same profile. */
    restart: async () => {
      await thunderbird.close()
      thunderbird = await start()
    },
    /** Mail from outside. */
    deliver: async (message: Buffer, to = 'mary@contoso.com') => {
      const smtp = await connectSmtp(site.ports.smtp!)
      await smtp.send('zoe@fabrikam.com', [to], message)
      smtp.close()
    },
    close: async () => {
      try {
        await thunderbird.close()
      } finally {
        await stopRest()
      }
    },
  }
}

/** What Thunderbird shows. Folders are named by their use (`inbox`) or by their path. */
function shownBy(call: Thunderbird['call']) {
  /** The messages of a folder, after asking the server for its changes unless `ask` is false. */
  const messages = (folder: string, ask = true) => call<ShownMessage[]>('list', folder, ask)
  return {
    messages,
    message: async (folder: string, subject: string, ask = true) => (await messages(folder, ask)).find((one) => one.subject === subject),
    subjects: async (folder: string, ask = true) => (await messages(folder, ask)).map(({ subject }) => subject).sort(),
    folders: () => call<ShownFolder[]>('folders'),
    paths: async () => (await call<ShownFolder[]>('folders')).map(({ path }) => path),
    bytes: async (folder: string, subject: string) => Buffer.from(await call<string>('bytes', folder, subject), 'base64'),
  }
}

/** What the server keeps, asked as Mary unless another is named. */
function keptBy(site: TestSite) {
  const by = (alias = 'mary') => person(site, alias)
  const items = async (folder: string | Id, alias?: string) => {
    const found = await by(alias).find(folder)
    return Promise.all(found.map((item) => by(alias).get(idOf(item))))
  }
  const item = async (folder: string | Id, subject: string, alias?: string): Promise<XmlElement | undefined> =>
    (await items(folder, alias)).find((one) => text(one, 'Subject') === subject)
  return {
    by,
    item,
    subjects: async (folder: string | Id, alias?: string) => (await items(folder, alias)).map((one) => text(one, 'Subject') ?? '').sort(),
    /** The bytes of a message. */
    bytes: async (folder: string | Id, subject: string, alias?: string) => {
      const found = await item(folder, subject, alias)
      if (!found) throw new Error(`the server has no ${subject}`)
      const whole = await by(alias).get(idOf(found), { shape: 'IdOnly', more: '<t:IncludeMimeContent>true</t:IncludeMimeContent>' })
      return Buffer.from(text(whole, 'MimeContent') ?? '', 'base64')
    },
    /** The folder ids in a folder, by name. */
    folders: async (parent: string | Id = 'msgfolderroot') => {
      const answer = await by().done(
        `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>` +
          `<m:ParentFolderIds>${folderXml(parent)}</m:ParentFolderIds></m:FindFolder>`,
      )
      const found = all(answer, 'RootFolder/Folders').flatMap(elementsOf)
      return new Map(found.map((folder) => [text(folder, 'DisplayName') ?? '', idOf(folder, 'FolderId')]))
    },
  }
}
