import { openApiOf, powerShellManifest, powerShellModule, type Admin } from '#admin'
import type { HttpRequest, HttpRoute } from '#access'
import { tagged } from './answers.ts'

/** Of the interface, and so of the module. */
const version = '2.0'
const text = 'text/plain; charset=utf-8'

interface Document {
  type: string
  write: (request: HttpRequest) => string
  /** Name to save it as. */
  file?: string
}

/**
 * What tells others how to administer a site, written from its registry: `/adminapi/openapi.json`, and the PowerShell module at
 * `/adminapi/module`. They say what there is, not who may do it, and are read without signing in.
 */
export function adminDocumentRoutes({ admin: { cmdlets } }: { admin: Pick<Admin, 'cmdlets'> }): HttpRoute[] {
  const documents: Readonly<Record<string, Document>> = {
    '/adminapi/openapi.json': { type: 'application/json; charset=utf-8', write: once(() => JSON.stringify(openApiOf(cmdlets))) },
    '/adminapi/module': { type: text, write: ({ url }) => installation(`${url.origin}/adminapi/module`) },
    '/adminapi/module/isthmus.psm1': { type: text, write: once(() => powerShellModule(cmdlets)), file: 'Isthmus.psm1' },
    '/adminapi/module/isthmus.psd1': { type: text, write: once(() => powerShellManifest(cmdlets, version)), file: 'Isthmus.psd1' },
  }
  return Object.entries(documents).map(([path, { type, write, file }]) => ({
    methods: ['GET'],
    path,
    protocol: 'admin',
    auth: 'none',
    maxBody: 0,
    handle: async (request) => {
      request.log.operation = file ?? path.split('/').at(-1)!
      return tagged(request, type, write(request), file ? { 'content-disposition': `attachment; filename="${file}"` } : {})
    },
  }))
}

/** The cmdlets stay while a site runs. */
function once(write: () => string): () => string {
  let written: string | undefined
  return () => (written ??= write())
}

const installation = (at: string) => `# In PowerShell 5.1 or 7:
$folder = New-Item -ItemType Directory -Force (Join-Path ([IO.Path]::GetTempPath()) 'Isthmus')
Invoke-WebRequest ${at}/Isthmus.psm1 -OutFile (Join-Path $folder 'Isthmus.psm1') -UseBasicParsing
Invoke-WebRequest ${at}/Isthmus.psd1 -OutFile (Join-Path $folder 'Isthmus.psd1') -UseBasicParsing
Import-Module (Join-Path $folder 'Isthmus.psd1')
Connect-Isthmus -Uri ${new URL(at).origin} -Organization contoso.com
`
