import type { Server as HttpServer } from 'node:http'
import { createServer, type Server as HttpsServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import helmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { HUB_ROUTES, type HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { FILE_BYTES_MAX, type FileView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { PROBLEM_TYPE, problemOf } from '@lotkeeper/protocol/api/problem.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { narrowed, staysWithin } from '../access/authorise.ts'
import { type Caller, cookieFor, cookieGone, mayComeFrom, type Session, tokenOf } from '../access/caller.ts'
import { heldBack, masked } from '../access/masking.ts'
import type { AuditFile } from '../audit/answers.ts'
import { openAudited, type Underway } from '../audit/around.ts'
import { catalogueStandings } from '../audit/standing.ts'
import { storageTroubleOf } from '../database.ts'
import type { MadeFile } from '../imports/files.ts'
import type { HubParts } from '../parts.ts'
import { OIDC_CALLBACK, OIDC_START } from '../people/oidc.ts'
import { type AnswerParts, openAnswers } from './answers.ts'
import { type Asker, admit } from './asker.ts'
import { conditionsOf, etagOf, statusUnder } from './conditions.ts'
import { DOCUMENTS } from './documents.ts'
import { NO_REQUEST, openAim, openHosts } from './hosts.ts'
import { closeServer, connectionsOf, keepRoom, type Listening, listenOn } from './listening.ts'
import { type Led, type OidcSteps, openOidcSteps } from './oidc.ts'
import { cacheOf, INDEX, PERMISSIONS, pagesIn, SECURITY, wantsPage } from './pages.ts'
import { openRates, type RatesWish } from './rates.ts'
import { type Asked, readAsked } from './reading.ts'

export interface ApiParts extends AnswerParts {
  /** Folder of the built pages. */
  readonly pages: string | null
  /** Names, beside the machine's own, by which browsers and nodes reach this hub. */
  readonly names: readonly string[]
  readonly http: Listening
  /** PEM texts of the hub's own certificate. */
  readonly https: Listening & { readonly key: string; readonly certificate: string }
  readonly timers: HubParts['timers']
  /** How many requests a minute are answered; the usual where left out. */
  readonly rates?: RatesWish
  /** Puts a fault on record: what broke, and the route it broke under. */
  readonly note: (error: unknown, route: string) => void
}

export interface Api {
  /** Both servers, so that the live view can share them; nothing is served before `listen`. */
  readonly servers: readonly [HttpServer, HttpsServer]
  readonly listen: () => Promise<{ readonly http: Listening; readonly https: Listening }>
  /** Shows this certificate, PEM with its chain, to whoever comes from now on; its key stays. */
  readonly showCertificate: (certificate: string) => void
  readonly close: () => Promise<void>
}

/** Largest body a request may carry: 500 tags need about 100 KB. */
export const BODY_BYTES_MAX = 1_048_576

/** The one door of Fastify: every row of `HUB_ROUTES`, the documents and the pages, over HTTP and HTTPS alike. */
export const openApi = async (parts: ApiParts): Promise<Api> => {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: STREAM_MS_MAX,
    http: { headersTimeout: HEADERS_MS_MAX, connectionsCheckingInterval: CHECK_EVERY_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, refusalOf(error) ?? refuse('api.not-found')),
  })
  app.removeContentTypeParser('text/plain')
  await app.register(helmet, { ...SECURITY, global: true })
  const wrongAim = openAim(openHosts(parts.names))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('permissions-policy', PERMISSIONS)
    const refusal = wrongAim(request.raw)
    return refusal ? sendProblem(reply, refusal) : undefined
  })
  app.addHook('onResponse', async ({ raw }) => endWhenSlow(raw, parts.timers, DRAIN_MS_MAX))
  addRoutes(app, parts)
  if (parts.oidc) addOidc(app, openOidcSteps({ ...parts, oidc: parts.oidc }))
  for (const [path, made] of Object.entries(DOCUMENTS)) app.get(path, async (_request, reply) => reply.send(made(parts.version)))
  const pages = pagesIn(parts.pages)
  if (pages !== null) addPages(app, pages)
  app.setNotFoundHandler(async (request, reply) => {
    const page = pages !== null && wantsPage(request.method, request.url, request.headers.accept)
    return page ? reply.sendFile(INDEX) : sendProblem(reply, refuse('api.not-found'))
  })
  app.setErrorHandler(async (error, request, reply) => {
    const refusal = refusalOf(error)
    if (!refusal) parts.note(error, `${request.method} ${request.routeOptions.url ?? '-'}`)
    return sendProblem(reply, refusal ?? refuse('api.fault'))
  })
  await app.ready()
  const { key, certificate: cert } = parts.https
  const tls = { key, cert, minVersion: 'TLSv1.3' } as const
  const patience = {
    requestTimeout: STREAM_MS_MAX,
    headersTimeout: HEADERS_MS_MAX,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  }
  const secure = createServer({ ...tls, ...patience, handshakeTimeout: HEADERS_MS_MAX }, (asked, answer) => app.routing(asked, answer))
  const servers = [app.server, secure] as const
  for (const server of servers) keepRoom(server)
  const open = servers.map(connectionsOf)
  return {
    servers,
    showCertificate: (renewed) => secure.setSecureContext({ ...tls, cert: renewed }),
    listen: async () => ({ http: await listenOn(app.server, parts.http), https: await listenOn(secure, parts.https) }),
    close: async () => {
      await Promise.all(servers.map((server, at) => closeServer(server, open[at] ?? new Set(), parts.timers.after)))
      await app.close()
    },
  }
}

/** Longest a connection may take to say what it asks, by headers, and how often that is looked at. */
const HEADERS_MS_MAX = 10_000
const CHECK_EVERY_MS = 2_000
/** Longest a request may take to arrive, and one that is taken as it comes. */
const REQUEST_MS_MAX = 30_000
const STREAM_MS_MAX = 3_600_000
/** How long the rest of a request is read and thrown away once it was answered: so long its sender has to read why, and to stop. */
const DRAIN_MS_MAX = 500
/** How long an idle connection is kept for the next request. */
const KEEP_ALIVE_MS = 10_000

/** What answers with a session of its own making. */
const SIGNING_IN: ReadonlySet<HubRoute> = new Set(['signIn', 'setUp', 'redeemCode', 'changePassword'])

const addRoutes = (app: FastifyInstance, parts: ApiParts): void => {
  const answers = openAnswers(parts)
  const rates = openRates(parts.rates)
  const audited = openAudited({ audit: parts.audit, standings: catalogueStandings(parts.ledger.ask), now: parts.now })
  const askers = new WeakMap<FastifyRequest, Asker>()
  for (const [name, route] of Object.entries(HUB_ROUTES) as [HubRoute, Route][]) {
    const { method, path } = route
    const answer = answers[name] as (asked: Asked<HubRoute>, asker: Asker) => Promise<object | Refusal>
    const add = (scope: FastifyInstance): void =>
      void scope.route({
        method,
        url: path,
        ...(route.sends ? { bodyLimit: FILE_BYTES_MAX } : {}),
        // Before the body is read: strangers cannot make the hub hold a megabyte each.
        onRequest: async (request, reply) => {
          reply.header('cache-control', 'no-store')
          if (!route.streams) endWhenSlow(request.raw, parts.timers, REQUEST_MS_MAX)
          const caller = callerOf(request)
          const from = fromOf(request)
          const denied = async (refusal: Refusal): Promise<FastifyReply> => {
            await audited.denied(name, { who: knownBy(parts, caller), from }, refusal)
            return sendProblem(reply, refusal)
          }
          const crowded = await rates.address(name, caller.address)
          if (crowded) return sendProblem(reply, crowded)
          const admitted = !mayComeFrom(caller) ? refuse('access.origin-foreign') : admit(parts.people, name, caller)
          if (isRefusal(admitted)) return denied(admitted)
          const tooMany = await rates.asker(admitted)
          if (tooMany) return denied(tooMany)
          askers.set(request, admitted)
        },
        // A body that is none, or too large: the handler never sees it.
        onError: async (request, _reply, error) => {
          const refusal = refusalOf(error)
          if (refusal) await audited.denied(name, { who: askers.get(request) ?? null, from: fromOf(request) }, refusal)
        },
        handler: async (request, reply) => {
          const conditions = conditionsOf(request.headers)
          const asked = readAsked(name, request.query, request.body, conditions)
          const asker = askers.get(request)
          const underway = {
            ...(isRefusal(asked) ? {} : { query: asked.query, body: asked.body }),
            who: asker ?? null,
            from: fromOf(request),
          }
          const answered = await audited.around(name, underway, async () =>
            isRefusal(asked) ? asked : answeredTo(name, asked, asker, answer),
          )
          if (isRefusal(answered)) return sendProblem(reply, answered, conditions)
          const { secure } = callerOf(request)
          if (SIGNING_IN.has(name)) reply.header('set-cookie', cookieFor(answered as Session, secure, parts.now()))
          if (name === 'signOut') reply.header('set-cookie', cookieGone(secure))
          const etag = etagOf(route, answered)
          if (etag !== null) reply.header('etag', etag)
          return route.gives ? sendGiven(reply, parts, answered as FileView | MadeFile | AuditFile) : reply.send(answered)
        },
      })
    if (route.sends) addBytes(app, add, route.streams === true)
    else add(app)
  }
}

/** Only what lies within the asker's sites is asked, and only that is answered; what they may not see is masked, and stays as it is. */
const answeredTo = async (
  name: HubRoute,
  asked: Asked<HubRoute>,
  asker: Asker | undefined,
  answer: (asked: Asked<HubRoute>, asker: Asker) => Promise<object | Refusal>,
): Promise<object | Refusal> => {
  if (!asker) return refuse('access.not-signed-in')
  const strayed = staysWithin(name, asker.scope, asked)
  if (strayed) return strayed
  const held = heldBack(name, asker.rights, asked.body)
  if (isRefusal(held)) return held
  const answered = await answer({ ...asked, body: held.body } as Asked<HubRoute>, asker)
  if (isRefusal(answered)) return answered
  const within = narrowed(name, asker.scope, answered)
  return within === null ? refuse('api.not-found') : masked(name, asker.rights, within)
}

/** A browser on its way to the identity provider and back. */
const addOidc = (app: FastifyInstance, steps: OidcSteps): void => {
  const lead = (reply: FastifyReply, { to, cookies }: Led): FastifyReply =>
    reply.headers({ 'cache-control': 'no-store', ...(cookies.length > 0 ? { 'set-cookie': [...cookies] } : {}) }).redirect(to, 303)
  app.get(OIDC_START, async (request, reply) => lead(reply, await steps.start(callerOf(request))))
  app.get(OIDC_CALLBACK, async (request, reply) => lead(reply, await steps.callback(request.url, callerOf(request))))
}

/** Bytes are taken where a route says so and nowhere else; what they are is told by how they begin, whatever the sender calls them. */
const addBytes = (app: FastifyInstance, add: (scope: FastifyInstance) => void, asTheyCome: boolean): void => {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    if (asTheyCome) scope.addContentTypeParser('*', (_request, stream, done) => done(null, stream))
    else scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    add(scope)
  })
}

/** The server itself waits as long as its slowest route may take; everybody else has seconds. */
const endWhenSlow = (request: FastifyRequest['raw'], { after }: HubParts['timers'], ms: number): void => {
  if (request.complete || request.socket.destroyed) return
  const { socket } = request
  const cancel = after(ms, () => socket.destroy())
  socket.once('close', cancel)
  request.once('close', cancel)
  request.once('end', cancel)
}

/** A table is kept by whoever asked for it, a paper is shown. */
const sendGiven = (reply: FastifyReply, parts: ApiParts, given: FileView | MadeFile | AuditFile): FastifyReply => {
  if ('file' in given) return sendFile(reply, parts, given)
  // Made here, and always UTF-8.
  const type = given.type === 'text/csv' ? 'text/csv; charset=utf-8' : given.type
  return reply.type(type).header('content-disposition', `attachment; filename="${given.name}"`).send(Buffer.from(given.content))
}

/** A paper is shown by the browser and never run: nothing in it may load, script or be framed elsewhere. */
const sendFile = (reply: FastifyReply, { files }: ApiParts, { file, type }: FileView): FastifyReply => {
  const read = files.read(file)
  if (isRefusal(read)) return sendProblem(reply, read)
  const name = `${file.slice(0, FILE_NAME_LETTERS)}.${type.slice(type.indexOf('/') + 1)}`
  return reply.type(type).header('content-disposition', `inline; filename="${name}"`).send(Buffer.from(read.bytes))
}
const FILE_NAME_LETTERS = 16

const addPages = (app: FastifyInstance, root: string): void => {
  app.register(fastifyStatic, {
    root,
    index: INDEX,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, file) => void reply.header('cache-control', cacheOf(file)),
  })
}

const callerOf = ({ headers, raw, ip }: FastifyRequest): Caller => ({
  headers,
  secure: (raw.socket as TLSSocket).encrypted === true,
  address: ip,
})

/** Who asks what they may not: on record by their id, where they have one. */
const knownBy = ({ people }: ApiParts, caller: Caller): Underway['who'] => {
  const brought = tokenOf(caller)
  return brought === null ? null : people.check(brought.token)
}

const fromOf = ({ headers, raw }: FastifyRequest): Underway['from'] => ({
  address: raw.socket.remoteAddress ?? '-',
  agent: String(headers['user-agent'] ?? '').slice(0, AGENT_LENGTH_MAX),
})
/** A browser says less of itself. */
const AGENT_LENGTH_MAX = 300

const sendProblem = (reply: FastifyReply, refusal: Refusal, conditions = NO_CONDITIONS): FastifyReply => {
  const made = problemOf(refusal)
  const problem = { ...made, status: statusUnder(conditions, made.code, made.status) }
  const { seconds } = problem.facts
  // [RFC 9110 10.2.3]
  if (typeof seconds === 'number') reply.header('retry-after', seconds)
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

const NO_CONDITIONS = conditionsOf({})

/** The refusal that an error of the framework stands for; null when something broke. */
const refusalOf = (error: unknown): Refusal | null => {
  const { code = '', statusCode = 500 } = error as { readonly code?: string; readonly statusCode?: number }
  if (storageTroubleOf(error) === 'full') return refuse('ledger.disk-full')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('api.body-too-large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refuse('api.media-type-unknown')
  if (statusCode === 404) return refuse('api.not-found')
  return statusCode >= 400 && statusCode < 500 ? malformed('/', NO_REQUEST) : null
}
