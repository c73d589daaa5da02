import type { County } from '@lotkeeper/deploy/county/county.ts'
import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { countyTest } from '../county.ts'
import { runProgram } from './program.ts'

const test = countyTest({ nodes: [] })

/** A call as the document shows it. */
interface Call {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly query: readonly (readonly [string, string])[]
  readonly body: string | null
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
/** By media type; papers are bytes and no JSON. */
type Content = Readonly<Record<string, { readonly example?: unknown }>>
const isJson = (content: Content | undefined): boolean => content === undefined || 'application/json' in content
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly example?: string | number }[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: { readonly 200: { readonly content: Content } }
}

const callsIn = ({ paths }: Document): readonly Call[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { requestBody, responses }]) => isJson(requestBody?.content) && isJson(responses[200].content))
      .map(([method, { operationId, parameters = [], requestBody }]) => ({
        ...{ name: operationId, method: method.toUpperCase(), path },
        query: parameters.flatMap(({ name, example }) => (example === undefined ? [] : [[name, String(example)] as const])),
        body: requestBody ? JSON.stringify(requestBody.content['application/json']?.example) : null,
      })),
  )

/** Nothing but curl: URL, query, body and token as anybody would write them. */
const curl = async (county: County, { method, path, query, body }: Omit<Call, 'name'>, token: string | null) => {
  const asked = await runProgram('curl', [
    ...['-sS', '--max-time', '60', '-X', method, '-w', '\n%{http_code} %{content_type}'],
    ...(token === null ? [] : ['-H', `Authorization: Bearer ${token}`]),
    ...(body === null ? ['-G'] : ['-H', 'Content-Type: application/json', '--data-binary', body]),
    ...query.flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]),
    `${county.dashboard()}${path}`,
  ])
  if (asked.code !== 0) throw new Error(`curl ${method} ${path}: ${asked.code} ${asked.err}`)
  const cut = asked.out.lastIndexOf('\n')
  const [status = '', type = ''] = asked.out.slice(cut + 1).split(' ')
  return { status: Number(status), type, text: asked.out.slice(0, cut) }
}
const GET = { method: 'GET', query: [], body: null } as const

/**
 * What of the document needs something of one's own: a code of the hub, an end of the session, a node that is gone, its key, what is kept aside, an import that runs,
 * a device of the reference.
 */
const ONES_OWN = [
  'enrol',
  'signOut',
  'signIn',
  'passOwnership',
  'revokeKeys',
  'decideAside',
  'aside',
  'cancelImport',
  'device',
  'decideProvisional',
  'renewNodeCertificate',
  ...['setUp', 'changePassword', 'redeemCode', 'startTotp', 'confirmTotp', 'endTotp', 'setOwnPin', 'endOwnSession', 'endSession'],
  ...['endUser', 'resumeUser', 'resetPassword', 'resetTotp', 'setPin', 'saveMachine', 'endMachine', 'erase', 'auditEntry'],
  ...['saveWebhook', 'endWebhook', 'rotateWebhookSecret', 'testWebhook', 'webhookDeliveries'],
  ...['tableImport', 'tableRows', 'chooseTableRow', 'chooseTableRows', 'commitTableImport', 'undoTableImport', 'cancelTableImport'],
]
/** What the other acts and the questions speak of. */
const FIRST = ['createSite', 'createItem', 'registerTags']
const rankOf = ({ name }: Call): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length)

/** An entry that is in the tree of this very hub: the newest movement. */
const entryOf = async (county: County, calls: readonly Call[], token: string): Promise<string> => {
  const movements = calls.find(({ name }) => name === 'movements')
  if (!movements) throw new Error('the document shows no movements')
  const { rows } = JSON.parse((await curl(county, movements, token)).text)
  return rows[0].entry
}

test('curl plays the document: sign in, every act, every question; each answer is as the document says', async ({ county }) => {
  const fetched = await curl(county, { ...GET, path: '/api/openapi.json' }, null)
  expect([fetched.status, fetched.type.startsWith('application/json')]).toEqual([200, true])
  const document: Document = JSON.parse(fetched.text)
  const calls = callsIn(document)
  const signIn = calls.find(({ name }) => name === 'signIn')
  if (!signIn) throw new Error('the document shows no sign-in')
  const { token }: { readonly token: string } = JSON.parse((await curl(county, signIn, null)).text)

  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'hub')
  const acts = calls
    .filter(({ name, method }) => method === 'POST' && !ONES_OWN.includes(name))
    .toSorted((one, other) => rankOf(one) - rankOf(other))
  const questions = calls.filter(({ name, method }) => method === 'GET' && !ONES_OWN.includes(name))
  const routes = Object.entries(HUB_ROUTES as Readonly<Record<string, Route>>)
  const asked = routes.filter(([name, { method, gives }]) => method === 'GET' && !gives && !ONES_OWN.includes(name))
  expect(questions.length).toBe(asked.length)
  for (const shown of [...acts, ...questions]) {
    const call = shown.name === 'inclusion' ? { ...shown, query: [['entry', await entryOf(county, calls, token)] as const] } : shown
    const answer = await curl(county, call, token)
    expect(answer, `${call.name}: ${answer.text.slice(0, 600)}`).toMatchObject({
      status: 200,
      type: expect.stringMatching(/^application\/json/),
    })
    const place = `${call.path.replaceAll('/', '~1')}/${call.method.toLowerCase()}`
    const check = ajv.compile({ $ref: `hub#/paths/${place}/responses/200/content/application~1json/schema` })
    expect(check(JSON.parse(answer.text)), `${call.name}: ${ajv.errorsText(check.errors)}`).toBe(true)
  }
})

test('a question without a sign-in, and one that is none, are problems with a code', async ({ county }) => {
  const refused = await curl(county, { ...GET, path: '/api/stock' }, null)
  expect([refused.status, refused.type.startsWith('application/problem+json')]).toEqual([401, true])
  expect(JSON.parse(refused.text)).toMatchObject({ code: 'access.not-signed-in' })
  expect((await curl(county, { ...GET, path: '/api/stocks' }, null)).status).toBe(404)
})

test('the document of the topics is served beside it', async ({ county }) => {
  const fetched = await curl(county, { ...GET, path: '/api/asyncapi.json' }, null)
  expect([fetched.status, JSON.parse(fetched.text).asyncapi]).toEqual([200, expect.stringMatching(/^3\./)])
})
