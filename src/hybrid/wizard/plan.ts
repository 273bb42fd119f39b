/** What a hybrid is to become: what an administrator answers the wizard's questions with. */
export interface HybridPlan {
  /** The domains that both premises share, the first federated first. */
  domains: string[]
  /** The online organisation's own domain, by which on-premises routes to it (the coexistence domain). */
  onlineDomain: string
  /** Where the auth service is: `https://login.example`. */
  authService: string
  /** How the premises are reached by each other: `https://mail.contoso.com`. `mail` is the mail server's name where it is another. */
  onPremises: {
    url: string
    autodiscover: string
    mail?: string
    /** The name in the mail server's certificate, where that is another than the mail server's. */
    certificate?: string
  }
  online: { url: string; mail?: string }
  /** `FreeBusy`, `MailTips`, `SecureMail` … */
  features: string[]
  /** Whether the trust of generation (b) is set up too, beside OAuth: for partners, and in case OAuth fails. */
  federation: boolean
}

/** Publishes a TXT record, or waits until an administrator has. The wizard goes on when it is there. */
export type PublishProof = (record: { domain: string; text: string }) => Promise<void>
