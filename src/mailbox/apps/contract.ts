import type { Base64, Caller } from '#model'

/** An app for a mailbox ([MS-OXWSCEXT]): a program of somebody's that clients show beside messages. */
export interface MailboxApp {
  /** The manifest's Id, lower case. */
  id: string
  /** As it was installed, byte for byte. */
  manifest: Base64
  /** Why it is disabled, in the client's word; absent = it is enabled. */
  disabled?: string
}

/** The apps of one mailbox. The server keeps manifests for clients and runs nothing of them. */
export interface AppVerbs {
  /** In the order they were installed. For the owner and full access alone → AccessDenied. */
  apps(caller: Caller, mailbox: string): Promise<MailboxApp[]>
  /**
   * Installs an app, or another version of it; true when it was not there before. A manifest that is none, or over 256 KB → InvalidRequest; more
   * than 50 apps → DataSizeLimitExceeded.
   */
  installApp(caller: Caller, mailbox: string, manifest: Base64): Promise<boolean>
  /** Not installed → ExtensionNotFound. */
  uninstallApp(caller: Caller, mailbox: string, id: string): Promise<void>
  /** Disables an app until it is installed again. Not installed → ExtensionNotFound. */
  disableApp(caller: Caller, mailbox: string, id: string, reason: string): Promise<void>
}
