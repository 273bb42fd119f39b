import type { MailboxQuotas } from '../contract.ts'
import type { QuotaLevel } from './levels.ts'

/** What the owner of a mailbox is told; `limits` and `todo` stand under every level. */
interface Words {
  subject: Record<QuotaLevel, string>
  opening: Record<QuotaLevel, string>
  /** Before the size of now, and before each limit. */
  holds: string
  limits: Record<QuotaLevel, string>
  todo: string
}

const english: Words = {
  subject: {
    issueWarning: 'Your mailbox is almost full',
    prohibitSend: 'Your mailbox is full: you cannot send messages',
    prohibitSendReceive: 'Your mailbox is full: you cannot send or receive messages',
  },
  opening: {
    issueWarning: 'Your mailbox is almost full. You can still send and receive messages.',
    prohibitSend: 'Your mailbox is too full to send messages. You still receive messages.',
    prohibitSendReceive:
      'Your mailbox is too full to send or receive messages. Whoever writes to you gets the message back, and nothing can be saved in the mailbox.',
  },
  holds: 'Size of your mailbox',
  limits: {
    issueWarning: 'You are warned at',
    prohibitSend: 'You can no longer send at',
    prohibitSendReceive: 'You can no longer send or receive at',
  },
  todo: 'To make room, delete messages that you no longer need, large attachments above all, and empty Deleted Items. If you need more room, ask your administrator.',
}

const german: Words = {
  subject: {
    issueWarning: 'Ihr Postfach ist fast voll',
    prohibitSend: 'Ihr Postfach ist voll: Sie können keine Nachrichten senden',
    prohibitSendReceive: 'Ihr Postfach ist voll: Sie können keine Nachrichten senden oder empfangen',
  },
  opening: {
    issueWarning: 'Ihr Postfach ist fast voll. Sie können weiterhin Nachrichten senden und empfangen.',
    prohibitSend: 'Ihr Postfach ist zu voll, um Nachrichten zu senden. Nachrichten empfangen Sie weiterhin.',
    prohibitSendReceive:
      'Ihr Postfach ist zu voll, um Nachrichten zu senden oder zu empfangen. Wer Ihnen schreibt, erhält die Nachricht zurück, und im Postfach kann nichts gespeichert werden.',
  },
  holds: 'Größe Ihres Postfachs',
  limits: {
    issueWarning: 'Sie werden gewarnt ab',
    prohibitSend: 'Sie können nicht mehr senden ab',
    prohibitSendReceive: 'Sie können weder senden noch empfangen ab',
  },
  todo: 'Schaffen Sie Platz: Löschen Sie Nachrichten, die Sie nicht mehr brauchen, vor allem große Anlagen, und leeren Sie die gelöschten Elemente. Wenn Sie mehr Platz brauchen, wenden Sie sich an Ihren Administrator.',
}

const french: Words = {
  subject: {
    issueWarning: 'Votre boîte aux lettres est presque pleine',
    prohibitSend: 'Votre boîte aux lettres est pleine : vous ne pouvez plus envoyer de messages',
    prohibitSendReceive: 'Votre boîte aux lettres est pleine : vous ne pouvez plus envoyer ni recevoir de messages',
  },
  opening: {
    issueWarning: 'Votre boîte aux lettres est presque pleine. Vous pouvez encore envoyer et recevoir des messages.',
    prohibitSend: 'Votre boîte aux lettres est trop pleine pour envoyer des messages. Vous en recevez encore.',
    prohibitSendReceive:
      'Votre boîte aux lettres est trop pleine pour envoyer ou recevoir des messages. Les messages qui vous sont adressés sont renvoyés à leur expéditeur, et rien ne peut être enregistré dans la boîte aux lettres.',
  },
  holds: 'Taille de votre boîte aux lettres',
  limits: {
    issueWarning: 'Vous êtes averti à partir de',
    prohibitSend: 'Vous ne pouvez plus envoyer à partir de',
    prohibitSendReceive: 'Vous ne pouvez plus envoyer ni recevoir à partir de',
  },
  todo: 'Pour libérer de l’espace, supprimez les messages dont vous n’avez plus besoin, surtout les pièces jointes volumineuses, puis videz les éléments supprimés. S’il vous faut plus d’espace, adressez-vous à votre administrateur.',
}

const spanish: Words = {
  subject: {
    issueWarning: 'Su buzón está casi lleno',
    prohibitSend: 'Su buzón está lleno: no puede enviar mensajes',
    prohibitSendReceive: 'Su buzón está lleno: no puede enviar ni recibir mensajes',
  },
  opening: {
    issueWarning: 'Su buzón está casi lleno. Todavía puede enviar y recibir mensajes.',
    prohibitSend: 'Su buzón está demasiado lleno para enviar mensajes. Todavía recibe mensajes.',
    prohibitSendReceive:
      'Su buzón está demasiado lleno para enviar o recibir mensajes. Quien le escribe recibe el mensaje devuelto, y no se puede guardar nada en el buzón.',
  },
  holds: 'Tamaño de su buzón',
  limits: {
    issueWarning: 'Se le avisa a partir de',
    prohibitSend: 'Ya no puede enviar a partir de',
    prohibitSendReceive: 'Ya no puede enviar ni recibir a partir de',
  },
  todo: 'Para liberar espacio, elimine los mensajes que ya no necesite, sobre todo los datos adjuntos grandes, y vacíe los elementos eliminados. Si necesita más espacio, diríjase a su administrador.',
}

const languages: Readonly<Record<string, Words>> = { en: english, de: german, fr: french, es: spanish }

/** Subject and text of the notice in the language of a culture (`de-AT`), English where there is none; sizes as that language writes them. */
export function quotaNotice(
  culture: string | undefined,
  { level, used, quotas }: { level: QuotaLevel; used: number; quotas: MailboxQuotas },
): { subject: string; text: string } {
  const language = culture?.split('-', 1)[0]?.toLowerCase() ?? ''
  const known = Object.hasOwn(languages, language)
  const words = known ? languages[language]! : english
  const size = sizesIn(known ? language : 'en')
  const limits = (['issueWarning', 'prohibitSend', 'prohibitSendReceive'] as const).flatMap((each) => {
    const limit = quotas[each]
    return limit === undefined ? [] : [`${words.limits[each]}: ${size(limit)}`]
  })
  const lines = [`${words.holds}: ${size(used)}`, ...limits]
  return { subject: words.subject[level], text: `${words.opening[level]}\r\n\r\n${lines.join('\r\n')}\r\n\r\n${words.todo}\r\n` }
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size in the largest unit of 1024s of which it has one. */
function sizesIn(language: string): (bytes: number) => string {
  return (bytes) => {
    const at = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)))
    return new Intl.NumberFormat(language, { style: 'unit', unit: units[at]!, maximumFractionDigits: 2 }).format(bytes / 1024 ** at)
  }
}
