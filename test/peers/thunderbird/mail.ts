/** Mail that strangers write. */

/** A letter with umlauts, an attachment and lines that begin with a dot. */
export const letter = (subject: string, id: string): Buffer =>
  Buffer.from(
    [
      'From: =?utf-8?Q?Zo=C3=AB?= Nkemelu <zoe@fabrikam.com>',
      'To: Mary Jensen <mary@contoso.com>',
      `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
      `Message-ID: <${id}@fabrikam.com>`,
      'Date: Mon, 02 Mar 2026 10:00:00 +0000',
      'X-Spoon:  folded',
      '\tand kept',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary="b=1"',
      '',
      '--b=1',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=C3=BC=C3=9Fe from afar =E2=82=AC',
      '.a dot begins this line',
      '--b=1',
      'Content-Type: application/octet-stream; name="plan.bin"',
      'Content-Disposition: attachment; filename="plan.bin"',
      'Content-Transfer-Encoding: base64',
      '',
      'AAECAwQFBgcICQ==',
      '--b=1--',
      '',
    ].join('\r\n'),
  )
