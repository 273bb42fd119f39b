// Passkeys: a form with `data-passkey` ("get" or "create") carries the options; what the browser answers goes into its field `response`.
const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const listed = (list = []) => list.map((each) => ({ ...each, id: bytesOf(each.id) }))

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytesOf(options.challenge),
    user: { ...options.user, id: bytesOf(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials),
  }
  const made = await navigator.credentials.create({ publicKey })
  const { clientDataJSON, attestationObject } = made.response
  const transports = made.response.getTransports ? made.response.getTransports() : []
  return answerOf(made, { clientDataJSON: textOf(clientDataJSON), attestationObject: textOf(attestationObject), transports })
}

async function get(options) {
  const publicKey = { ...options, challenge: bytesOf(options.challenge), allowCredentials: listed(options.allowCredentials) }
  const shown = await navigator.credentials.get({ publicKey })
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response
  return answerOf(shown, {
    clientDataJSON: textOf(clientDataJSON),
    authenticatorData: textOf(authenticatorData),
    signature: textOf(signature),
    ...(userHandle ? { userHandle: textOf(userHandle) } : {}),
  })
}

const answerOf = (credential, response) => ({
  id: credential.id,
  rawId: textOf(credential.rawId),
  type: credential.type,
  clientExtensionResults: credential.getClientExtensionResults(),
  ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
  response,
})

for (const form of document.querySelectorAll('form[data-passkey]')) {
  const button = form.querySelector('button[type=submit]')
  button.disabled = !window.PublicKeyCredential
  form.addEventListener('submit', async (event) => {
    const field = form.elements.namedItem('response')
    if (field.value !== '') return
    event.preventDefault()
    try {
      const options = JSON.parse(form.dataset.options)
      field.value = JSON.stringify(form.dataset.passkey === 'create' ? await create(options) : await get(options))
      form.requestSubmit()
    } catch (error) {
      const told = form.querySelector('[data-failed]')
      told.textContent = `${told.dataset.failed} (${error.name})`
      told.focus()
    }
  })
}
