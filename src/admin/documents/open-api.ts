import { refusalKinds } from '#model'
import type { CmdletDescription, ParameterDescription } from '#shell'
import { commonParameters, describe } from '../registry/describe.ts'
import type { Cmdlet } from '../registry/cmdlet.ts'
import type { ParameterType } from '../registry/parameter.ts'

type Json = { readonly [name: string]: unknown }

const text: Json = { type: 'string' }
/** The JSON of each type of parameter. */
const schemas: Readonly<Record<ParameterType, Json>> = {
  string: text,
  switch: { type: 'boolean' },
  boolean: { type: 'boolean' },
  number: { type: 'integer' },
  count: { anyOf: [{ type: 'integer', minimum: 1 }, { const: 'Unlimited' }] },
  enum: text,
  identity: { type: 'string', minLength: 1 },
  secureString: { type: 'string', format: 'password', writeOnly: true },
  credential: {
    type: 'object',
    properties: { UserName: text, Password: { type: 'string', format: 'password', writeOnly: true } },
    required: ['UserName', 'Password'],
  },
  guid: { type: 'string', format: 'uuid' },
  uri: { type: 'string', format: 'uri' },
  instant: { type: 'string', format: 'date-time' },
  bytes: {
    anyOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', examples: ['10MB', '1.5 GB', 'Unlimited'] },
    ],
  },
  timeSpan: { type: 'string', examples: ['00:30:00', '14.00:00:00'] },
  filter: { type: 'string', examples: ["Department -eq 'Sales'"] },
  file: { type: 'string', contentEncoding: 'base64' },
}

/** The JSON schema of one parameter. */
function schemaOf({ type, values, many, changes, nullable, range, summary, default: fallback }: ParameterDescription): Json {
  const one: Json = { ...(values ? { type: 'string', enum: values } : schemas[type as ParameterType]), ...bounds(type, range) }
  const list: Json = { type: 'array', items: one }
  const forms = [
    one,
    ...(many ? [list] : []),
    ...(changes ? [{ type: 'object', properties: { Add: eitherOf([one, list]), Remove: eitherOf([one, list]) } }] : []),
    ...(nullable ? [{ type: 'null' }] : []),
  ]
  return {
    ...(summary === undefined ? {} : { description: `${summary}${fallback === undefined ? '' : ` Left out: ${fallback}.`}` }),
    ...eitherOf(forms),
  }
}

const eitherOf = (forms: readonly Json[]): Json => (forms.length === 1 ? forms[0]! : { anyOf: forms })

function bounds(type: string, range: ParameterDescription['range']): Json {
  if (type !== 'number' || !range) return {}
  return {
    ...(range.least === undefined ? {} : { minimum: Number(range.least) }),
    ...(range.most === undefined ? {} : { maximum: Number(range.most) }),
  }
}

const propertiesOf = (parameters: readonly ParameterDescription[]): Json =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, schemaOf(parameter)]))

/** `CmdletInput` of one cmdlet. */
function inputOf({ name, summary, parameters }: CmdletDescription): Json {
  const mandatory = parameters.filter((parameter) => parameter.mandatory).map((parameter) => parameter.name)
  return {
    type: 'object',
    description: summary,
    properties: {
      CmdletName: { const: name },
      Parameters: {
        type: 'object',
        allOf: [{ $ref: '#/components/schemas/CommonParameters' }],
        properties: propertiesOf(parameters),
        ...(mandatory.length ? { required: mandatory } : {}),
        unevaluatedProperties: false,
      },
    },
    required: mandatory.length ? ['CmdletName', 'Parameters'] : ['CmdletName'],
  }
}

/**
 * The OpenAPI 3.1 document of administration: one schema a cmdlet, told apart by CmdletName. What a caller may run is fewer.
 */
export function openApiOf(cmdlets: readonly Cmdlet[]): Json {
  const described = cmdlets.map((cmdlet) => describe(cmdlet))
  const mapping = Object.fromEntries(described.map(({ name }) => [name, `#/components/schemas/${name}`]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Administration of Isthmus',
      version: '2.0',
      description: 'Runs cmdlets as Exchange’s own REST module does. Names of cmdlets and parameters are taken without regard to case.',
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { basic: [] }],
    paths: paths(described),
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of this site; see /oauth2/.well-known/openid-configuration.' },
        basic: { type: 'http', scheme: 'basic', description: 'An app password, where it is allowed.' },
      },
      schemas: {
        ...Object.fromEntries(described.map((each) => [each.name, inputOf(each)])),
        ...shared,
        CommonParameters: {
          type: 'object',
          description: 'Taken by every cmdlet; the marks of OData say of a parameter what type it has.',
          properties: propertiesOf(commonParameters),
          patternProperties: { '@(odata|data)\\.type$': text },
        },
        CmdletInput: { oneOf: Object.values(mapping).map(($ref) => ({ $ref })), discriminator: { propertyName: 'CmdletName', mapping } },
      },
      responses: {
        Refused: {
          description: 'What was refused, and why: nothing was changed, unless objects were given before.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
        },
      },
    },
  }
}

const refused: Json = { default: { $ref: '#/components/responses/Refused' } }
const organization: Json = {
  name: 'organization',
  in: 'path',
  required: true,
  description: 'GUID, name or one of the domains of the caller’s own organisation.',
  schema: text,
}
const query = (name: string, description: string): Json => ({ name, in: 'query', description, schema: text })
const header = (name: string, description: string, schema: Json = text): Json => ({ name, in: 'header', description, schema })

function paths(described: readonly CmdletDescription[]): Json {
  const answers: Json = {
    '200': {
      description: 'The objects: a page of them, or one line each as they are made.',
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/Page' } },
        'application/x-ndjson': { schema: { $ref: '#/components/schemas/Line' } },
      },
    },
    ...refused,
  }
  return {
    '/adminapi/v2.0/{organization}/InvokeCommand': {
      parameters: [organization],
      post: {
        operationId: 'InvokeCommand',
        summary: `Runs one of ${described.length} cmdlets.`,
        parameters: [
          query('$select', 'The properties wanted, separated by commas.'),
          query('$skiptoken', 'Goes on where a page ended; part of @odata.nextLink.'),
          header('Prefer', 'odata.maxpagesize=1000: how many objects a page has at most (1 to 5000).'),
          header('X-ResponseFormat', 'The form of the answer.', { const: 'json' }),
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: { CmdletInput: { $ref: '#/components/schemas/CmdletInput' } },
                required: ['CmdletInput'],
              },
            },
          },
        },
        responses: answers,
      },
    },
    '/adminapi/v2.0/{organization}/Cmdlets': {
      parameters: [organization],
      get: {
        operationId: 'Cmdlets',
        summary: 'Describes the cmdlets that the caller may run.',
        parameters: [header('If-None-Match', 'The ETag of the last answer: 304 while it is the same.')],
        responses: {
          '200': {
            description: 'The cmdlets with their parameters.',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Cmdlets' } } },
          },
          '304': { description: 'They are the same.' },
          ...refused,
        },
      },
    },
  }
}

const shown: Json = { type: 'object', additionalProperties: true }
const shared: Json = {
  Object: { ...shown, description: 'Values without a form in JSON are text; a mark beside them (Name@data.type) names their .NET type.' },
  Page: {
    type: 'object',
    properties: {
      '@odata.context': { type: 'string', format: 'uri' },
      '@odata.nextLink': { type: 'string', format: 'uri', description: 'Where there is more: post the same body to it, once.' },
      'adminapi.warnings@odata.type': { const: '#Collection(String)' },
      '@adminapi.warnings': { type: 'array', items: text },
      value: { type: 'array', items: { $ref: '#/components/schemas/Object' } },
    },
    required: ['@odata.context', '@adminapi.warnings', 'value'],
  },
  Line: {
    description: 'One line of a stream: the kind of object first, at the end done or error.',
    oneOf: [
      { type: 'object', properties: { type: text }, required: ['type'] },
      { type: 'object', properties: { object: { $ref: '#/components/schemas/Object' } }, required: ['object'] },
      { type: 'object', properties: { warning: text }, required: ['warning'] },
      { type: 'object', properties: { progress: { $ref: '#/components/schemas/Progress' } }, required: ['progress'] },
      { type: 'object', properties: { done: { const: true } }, required: ['done'] },
      { type: 'object', properties: { error: shown }, required: ['error'] },
    ],
  },
  Progress: {
    description:
      'How far long work is. Of what was not read yet, the last of each activity alone; a work that has told of itself ends with done.',
    type: 'object',
    properties: {
      activity: text,
      status: text,
      percent: { type: 'number', minimum: 0, maximum: 100 },
      secondsRemaining: { type: 'integer', minimum: 0 },
      done: { type: 'boolean' },
    },
    required: ['activity'],
  },
  Cmdlets: { type: 'object', properties: { value: { type: 'array', items: shown } }, required: ['value'] },
  Failure: {
    type: 'object',
    properties: {
      error: {
        type: 'object',
        properties: {
          code: { type: 'string', enum: Object.keys(refusalKinds), description: 'The stable id.' },
          message: { type: 'string', description: 'What happened, to what, and what to do.' },
          details: { type: 'array', items: shown },
          innererror: shown,
        },
        required: ['code', 'message'],
      },
    },
    required: ['error'],
  },
}
