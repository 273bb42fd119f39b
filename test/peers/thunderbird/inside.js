/* What the test asks of Thunderbird. This runs inside it, with its rights: what its windows do, without the mouse. */
const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs')
const flags = Ci.nsMsgFolderFlags
const special = { inbox: flags.Inbox, drafts: flags.Drafts, sentitems: flags.SentMail, deleteditems: flags.Trash, junkemail: flags.Junk }
Object.assign(special, { outbox: flags.Queue, archive: flags.Archive })

const account = () => MailServices.accounts.accounts.find(({ incomingServer }) => incomingServer?.type === 'ews')
const root = () => account().incomingServer.rootFolder

/** The folder of a special use (`inbox`), or of a path of names below the top (`Plans > Old`). */
function folder(path) {
  const found = special[path]
    ? root().getFolderWithFlags(special[path])
    : path.split(' > ').reduce((parent, name) => parent?.getChildNamed(name), path === '' ? undefined : root())
  if (!found && path !== '') throw new Error(`Thunderbird has no folder ${path}`)
  return found ?? root()
}

/** The message of the subject in a folder. */
function message(path, subject) {
  const found = [...folder(path).messages].find((one) => one.mime2DecodedSubject === subject)
  if (!found) throw new Error(`Thunderbird has no message ${subject} in ${path}`)
  return found
}

/** Waits for something that Thunderbird does without telling. */
async function until(what, ask) {
  const end = Date.now() + 40_000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (Date.now() > end) throw new Error(`${what} did not happen in Thunderbird`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Runs `start` with a listener whose `end` method tells the status; resolves at success. */
function finished(what, interfaces, end, start) {
  return new Promise((resolve, reject) => {
    const stop = (...values) => {
      const status = values.find((value) => typeof value === 'number')
      if (Components.isSuccessCode(status)) resolve()
      else reject(new Error(`${what} failed in Thunderbird: 0x${status.toString(16)}`))
    }
    // Of the methods of a listener only the one that tells the end matters; the others answer nothing.
    const silent = () => {}
    const listener = new Proxy(
      {},
      { get: (_, name) => (name === 'QueryInterface' ? ChromeUtils.generateQI(interfaces) : name === end ? stop : silent) },
    )
    start(listener)
  })
}
const copying = (what, start) => finished(what, ['nsIMsgCopyServiceListener'], 'onStopCopy', start)
const running = (what, start) => finished(what, ['nsIUrlListener'], 'OnStopRunningUrl', start)

const settingUp = (name) => ChromeUtils.importESModule(`resource:///modules/accountcreation/${name}.sys.mjs`)[name]

const pane = () => window.document.getElementById('tabmail').currentAbout3Pane

/** Opens a folder and a message in the window, as a click does. */
async function open(path, subject) {
  const { URI } = folder(path)
  pane().displayFolder(URI)
  const row = await until(`${subject} in the list of ${path}`, () => {
    const view = pane().gDBView
    if (view?.viewFolder?.URI !== URI) return undefined
    const at = Array.from({ length: view.rowCount }, (_, index) => view.getMsgHdrAt(index).mime2DecodedSubject).indexOf(subject)
    return at < 0 ? undefined : { at }
  })
  pane().threadTree.selectedIndex = row.at
  return until(`${subject} in the window`, () => {
    const shown = pane().messageBrowser?.contentWindow
    const { body } = shown?.getMessagePaneBrowser?.()?.contentDocument ?? {}
    return shown?.gMessage?.mime2DecodedSubject === subject && shown.msgLoaded && body ? { shown, body } : undefined
  })
}

const bytesOf = (binary) => Uint8Array.from(binary, (character) => character.charCodeAt(0))

const inside = {
  version: () => Services.appinfo.version,

  /** Trusts the authority in PEM; names of the DNS are those given alone, since Thunderbird asks the system for them itself. */
  trust(pem, records) {
    const certificates = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB)
    certificates.addCertFromBase64(pem.replace(/-----[^-]+-----|\s/g, ''), 'CT,C,C')
    const { DNS } = ChromeUtils.importESModule('resource:///modules/DNS.sys.mjs')
    DNS.lookup = async (name) => {
      if (!records[name]) throw new Error(`no DNS record of ${name}`)
      return records[name]
    }
  },

  /** What the account set-up finds for an address, and whom it asked the person about on its way. */
  async discover(address, password) {
    const FindConfig = settingUp('FindConfig')
    const finding = FindConfig.parallelAutoDiscovery(address.split('@')[1], address, new AbortController().signal, password, '')
    let { value, done } = await finding.next()
    const asked = done ? [] : [`${value.scheme}://${value.host}`]
    if (!done) ({ value } = await finding.next({ acceptRedirect: true }))
    if (!value) throw new Error(`Thunderbird found nothing for ${address}`)
    FindConfig.ewsifyConfig(value)
    const { type, hostname, port, socketType, auth, username, exchangeURL } = value.incomingAlternatives.find((one) => one.type === 'ews')
    return { asked, source: value.subSource, type, hostname, port, socketType, auth, username, exchangeURL }
  },

  /** Signs in with an account as the set-up does; makes the account when asked to. */
  async setUp({ name, address, password, url, auth, make }) {
    const config = new (settingUp('AccountConfig'))()
    const server = { type: 'ews', hostname: new URL(url).hostname, port: 443, username: address, password, exchangeURL: url }
    Object.assign(config.incoming, server, {
      socketType: Ci.nsMsgSocketType.SSL,
      auth: Ci.nsMsgAuthMethod[auth],
      useGlobalPreferredServer: false,
    })
    Object.assign(config.identity, { realname: name, emailAddress: address })
    const Verifier = settingUp('ConfigVerifier')
    try {
      await new Verifier(window.msgWindow, new AbortController().signal).verifyConfig(config, false)
    } catch (error) {
      return { problem: error.message }
    }
    if (!make) return {}
    config.rememberPassword = true
    const made = await settingUp('CreateInBackend').createAccountInBackend(config)
    const outgoing = MailServices.outgoingServer.servers.find(({ key }) => key === made.defaultIdentity.smtpServerKey)
    return { incoming: made.incomingServer.serverURI, outgoing: outgoing.type }
  },

  /** Asks the server for its folders and, of each, its items; does not wait. */
  checkMail: () => account().incomingServer.performBiff(window.msgWindow),

  folders: () =>
    root().descendants.map((one) => ({
      path: one.URI.slice(root().URI.length + 1)
        .split('/')
        .map(decodeURIComponent)
        .join(' > '),
      use: Object.keys(special).find((name) => one.getFlag(special[name])) ?? '',
      total: one.getTotalMessages(false),
      unread: one.getNumUnread(false),
    })),

  /** Asks for the changes of a folder's items; the messages there. */
  async list(path, ask = true) {
    if (ask) await running(`getting the messages of ${path}`, (listener) => folder(path).getNewMessages(window.msgWindow, listener))
    return [...folder(path).messages].map((one) => ({
      subject: one.mime2DecodedSubject,
      author: one.mime2DecodedAuthor,
      recipients: one.mime2DecodedRecipients,
      id: one.messageId,
      date: one.date / 1000,
      size: one.messageSize,
      isRead: one.isRead,
      isFlagged: one.isFlagged,
      hasAttachment: Boolean(one.flags & Ci.nsMsgMessageFlags.Attachment),
      isKept: folder(path).hasMsgOffline(one.messageKey),
    }))
  },

  /** The bytes of a message, in base64. */
  async bytes(path, subject) {
    const uri = folder(path).getUriForMsg(message(path, subject))
    let bytes = ''
    await new Promise((resolve, reject) => {
      const listener = {
        QueryInterface: ChromeUtils.generateQI(['nsIStreamListener']),
        onStartRequest() {},
        onDataAvailable: (_, stream, __, count) => void (bytes += NetUtil.readInputStreamToString(stream, count)),
        onStopRequest: (_, status) =>
          Components.isSuccessCode(status) ? resolve() : reject(new Error(`reading ${subject} failed: 0x${status.toString(16)}`)),
      }
      MailServices.messageServiceFromURI(uri).streamMessage(uri, listener, window.msgWindow, null, false, '', false)
    })
    return btoa(bytes)
  },

  /** Shows a message in the window; its text and the names of its attachments there. */
  async show(path, subject) {
    const { shown, body } = await open(path, subject)
    return { text: body.textContent, attachments: shown.currentAttachments.map(({ name }) => name) }
  },

  /** Presses a button of the window about a message: `cmd_markAsJunk`. */
  async command(path, subject, name) {
    await open(path, subject)
    pane().commandController.doCommand(name)
  },

  markRead: (path, subject, isRead) => folder(path).markMessagesRead([message(path, subject)], isRead),
  markFlagged: (path, subject, isFlagged) => folder(path).markMessagesFlagged([message(path, subject)], isFlagged),
  markAllRead: (path) => folder(path).markAllMessagesRead(window.msgWindow),

  copy: (path, subjects, to, isMove) =>
    copying(`copying from ${path} to ${to}`, (listener) => {
      const headers = subjects.map((subject) => message(path, subject))
      MailServices.copy.copyMessages(folder(path), headers, folder(to), isMove, listener, window.msgWindow, true)
    }),

  /** Brings a message from a file into a folder, as dragging one in does. */
  async bring(path, base64) {
    const file = Services.dirsvc.get('TmpD', Ci.nsIFile)
    file.append('brought.eml')
    await IOUtils.write(file.path, bytesOf(atob(base64)))
    await copying(`bringing a message into ${path}`, (listener) =>
      MailServices.copy.copyFileMessage(file, folder(path), null, false, Ci.nsMsgMessageFlags.Read, '', listener, window.msgWindow),
    )
  },

  remove: (path, subject, forever) =>
    copying(`deleting ${subject}`, (listener) =>
      folder(path).deleteMessages([message(path, subject)], window.msgWindow, forever, false, listener, true),
    ),

  async createFolder(parent, name) {
    folder(parent).createSubfolder(name, window.msgWindow)
    await until(`the folder ${name}`, () => folder(parent).getChildNamed(name))
  },
  async renameFolder(path, name) {
    const { parent } = folder(path)
    folder(path).rename(name, window.msgWindow)
    await until(`the folder ${name}`, () => parent.getChildNamed(name))
  },
  copyFolder: (path, to, isMove) =>
    copying(`copying ${path}`, (listener) => MailServices.copy.copyFolder(folder(path), folder(to), isMove, listener, window.msgWindow)),
  async deleteFolder(path) {
    const { parent, name } = folder(path)
    folder(path).deleteSelf(window.msgWindow)
    await until(`the end of ${path}`, () => !parent.getChildNamed(name))
  },
  async emptyTrash() {
    folder('deleteditems').emptyTrash(null)
    await until('the emptying', () => folder('deleteditems').numSubFolders === 0 && folder('deleteditems').getTotalMessages(false) === 0)
  },

  /** Composes a message and sends it; with `draft`, keeps it. `body` is HTML; `forwarded` a folder and the subject of a message there. */
  async compose({ headers, body, attachment, forwarded, draft }) {
    const fields = Cc['@mozilla.org/messengercompose/composefields;1'].createInstance(Ci.nsIMsgCompFields)
    Object.assign(fields, headers)
    const attach = (properties) => {
      const part = Cc['@mozilla.org/messengercompose/attachment;1'].createInstance(Ci.nsIMsgAttachment)
      fields.addAttachment(Object.assign(part, properties))
    }
    if (attachment) {
      const file = Services.dirsvc.get('TmpD', Ci.nsIFile)
      file.append(attachment.name)
      await IOUtils.write(file.path, bytesOf(atob(attachment.base64)))
      attach({ url: Services.io.newFileURI(file).spec, name: attachment.name })
    }
    if (forwarded) {
      const [path, subject] = forwarded
      attach({ url: folder(path).getUriForMsg(message(path, subject)), name: `${subject}.eml`, contentType: 'message/rfc822' })
    }
    const { defaultIdentity, key } = account()
    const mode = Ci.nsIMsgCompDeliverMode[draft ? 'SaveAsDraft' : 'Now']
    await new Promise((resolve, reject) => {
      const end = (what) => (status) =>
        Components.isSuccessCode(status) ? resolve() : reject(new Error(`${what} failed: 0x${status.toString(16)}`))
      const listener = {
        QueryInterface: ChromeUtils.generateQI(['nsIMsgSendListener', 'nsIMsgCopyServiceListener']),
        onStopSending: (_, status) => void (Components.isSuccessCode(status) || end('sending')(status)),
        onSendNotPerformed: (_, status) => reject(new Error(`not sent: 0x${status.toString(16)}`)),
        onTransportSecurityError: (_, status) => reject(new Error(`not sent for TLS: 0x${status.toString(16)}`)),
        // The copy in Sent Items or Drafts is the last of it.
        onStopCopy: end('keeping the copy'),
      }
      for (const name of [
        'onStartSending',
        'onProgress',
        'onStatus',
        'onGetDraftFolderURI',
        'onStartCopy',
        'setMessageKey',
        'getMessageId',
      ])
        listener[name] = () => {}
      const send = Cc['@mozilla.org/messengercompose/send;1'].createInstance(Ci.nsIMsgSend)
      const type = Ci.nsIMsgCompType.New
      send.createAndSendMessage(
        null,
        defaultIdentity,
        key,
        fields,
        false,
        false,
        mode,
        null,
        'text/html',
        body,
        null,
        null,
        listener,
        '',
        '',
        type,
      )
    })
  },

  /** From now on sends by SMTP, or again by EWS where no server is given. */
  sendBy(server) {
    const { defaultIdentity } = account()
    let outgoing = MailServices.outgoingServer.servers.find(({ type }) => type === 'ews')
    if (server) {
      outgoing = MailServices.outgoingServer.createServer('smtp')
      const { host, port, user, password } = server
      Object.assign(outgoing.QueryInterface(Ci.nsISmtpServer), { hostname: host, port })
      Object.assign(outgoing, { socketType: Ci.nsMsgSocketType.alwaysSTARTTLS, authMethod: Ci.nsMsgAuthMethod.passwordCleartext })
      Object.assign(outgoing, { username: user, password })
    }
    defaultIdentity.smtpServerKey = outgoing.key
  },

  /** Without the network, or with it again. */
  offline: (is) => void (Services.io.offline = is),
}
