import { Refused, signedOut, type Answer, type Question } from '../app/api.ts'

/** Attaches a file to a draft and tells how much of it is on its way, from 0 to 1. */
export async function upload(
  file: File,
  question: Omit<Question<'addDraftFile'>, 'content'>,
  options: { progress: (part: number) => void; signal: AbortSignal },
): Promise<Answer<'addDraftFile'>> {
  const content = await base64(file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/owa/api/addDraftFile')
    request.setRequestHeader('content-type', 'application/json')
    request.setRequestHeader('x-isthmus', '1')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => options.progress(total > 0 ? loaded / total : 0)
    request.onload = () => {
      if (request.status === 200) return resolve(request.response as Answer<'addDraftFile'>)
      const { error } = (request.response ?? {}) as { error?: { code?: string; message?: string } }
      if (request.status === 401) signedOut.dispatchEvent(new Event('signedOut'))
      reject(new Refused(request.status, error?.code ?? String(request.status), error?.message ?? request.statusText))
    }
    request.onerror = () => reject(new TypeError('no connection'))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    options.signal.addEventListener('abort', () => request.abort())
    request.send(JSON.stringify({ ...question, content }))
  })
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).split(',', 2)[1] ?? '')
    reader.onerror = () => reject(reader.error ?? new Error(file.name))
    reader.readAsDataURL(file)
  })
}
