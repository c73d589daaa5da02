import type { Server as HttpServer } from 'node:http'
import { createServer, type Server as HttpsServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import fastifyStatic from '@fastify/static'
import { HUB_ROUTES, type HubRoute, type Route } from '@lotkeeper/protocol/api/hub.ts'
import { FILE_BYTES_MAX, type FileView } from '@lotkeeper/protocol/api/hub-catalog.ts'
import { PROBLEM_TYPE, problemOf } from '@lotkeeper/protocol/api/problem.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Caller, cookieFor, cookieGone, mayComeFrom, type Session, tokenOf } from '../access/caller.ts'
import type { MadeFile } from '../imports/files.ts'
import type { HubParts } from '../parts.ts'
import { type AnswerParts, admit, openAnswers } from './answers.ts'
import { conditionsOf, etagOf, statusUnder } from './conditions.ts'
import { DOCUMENTS } from './documents.ts'
import { closeServer, connectionsOf, type Listening, listenOn } from './listening.ts'
import { cacheOf, INDEX, pagesIn, SECURITY_HEADERS, wantsPage } from './pages.ts'
import { readAsked } from './reading.ts'

export interface ApiParts extends AnswerParts {
  /** Folder of the built pages. */
  readonly pages: string | null
  readonly http: Listening
  /** PEM texts of the hub's own certificate. */
  readonly https: Listening & { readonly key: string; readonly certificate: string }
  readonly timers: HubParts['timers']
  /** Puts a fault on record: what broke, and the route it broke under. */
  readonly note: (error: unknown, route: string) => void
}

export interface Api {
  /** Both servers, so that the live view can share them; nothing is served before `listen`. */
  readonly servers: readonly [HttpServer, HttpsServer]
  readonly listen: () => Promise<{ readonly http: Listening; readonly https: Listening }>
  readonly close: () => Promise<void>
}

/** Largest body a request may carry: 500 tags need about 100 KB. */
export const BODY_BYTES_MAX = 1_048_576

/** The one door of Fastify: every row of `HUB_ROUTES`, the documents and the pages, over HTTP and HTTPS alike. */
export const openApi = async (parts: ApiParts): Promise<Api> => {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: STREAM_MS_MAX,
    http: { headersTimeout: REQUEST_MS_MAX },
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => void sendProblem(reply, refusalOf(error) ?? refuse('api.not-found')),
  })
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (_request, reply) => void reply.headers(SECURITY_HEADERS))
  addRoutes(app, parts)
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
  const secure = createServer(
    { key, cert, minVersion: 'TLSv1.2', requestTimeout: STREAM_MS_MAX, headersTimeout: REQUEST_MS_MAX, keepAliveTimeout: KEEP_ALIVE_MS },
    (asked, answer) => app.routing(asked, answer),
  )
  const servers = [app.server, secure] as const
  const open = servers.map(connectionsOf)
  return {
    servers,
    listen: async () => ({ http: await listenOn(app.server, parts.http), https: await listenOn(secure, parts.https) }),
    close: async () => {
      await Promise.all(servers.map((server, at) => closeServer(server, open[at] ?? new Set(), parts.timers.after)))
      await app.close()
    },
  }
}

/** Longest a request may take to arrive, and one that is taken as it comes. */
const REQUEST_MS_MAX = 30_000
const STREAM_MS_MAX = 3_600_000
/** How long an idle connection is kept for the next request. */
const KEEP_ALIVE_MS = 10_000

const addRoutes = (app: FastifyInstance, parts: ApiParts): void => {
  const answers = openAnswers(parts)
  const sessions = new WeakMap<FastifyRequest, Session>()
  for (const [name, route] of Object.entries(HUB_ROUTES) as [HubRoute, Route][]) {
    const { method, path, open } = route
    const answer = answers[name] as (asked: unknown, session: Session | undefined) => Promise<object | Refusal>
    const add = (scope: FastifyInstance): void =>
      void scope.route({
        method,
        url: path,
        ...(route.sends ? { bodyLimit: FILE_BYTES_MAX } : {}),
        // Before the body is read: strangers cannot make the hub hold a megabyte each.
        onRequest: async (request, reply) => {
          reply.header('cache-control', 'no-store')
          if (!route.streams) endWhenSlow(request.raw, parts.timers)
          const caller = callerOf(request)
          const admitted =
            method !== 'GET' && !mayComeFrom(caller) ? refuse('access.origin-foreign') : admit(parts.access, open, tokenOf(caller))
          if (isRefusal(admitted)) return sendProblem(reply, admitted)
          sessions.set(request, admitted)
        },
        handler: async (request, reply) => {
          const conditions = conditionsOf(request.headers)
          const asked = readAsked(name, request.query, request.body, conditions)
          const answered = isRefusal(asked) ? asked : await answer(asked, sessions.get(request))
          if (isRefusal(answered)) return sendProblem(reply, answered, conditions)
          const { secure } = callerOf(request)
          if (name === 'signIn') reply.header('set-cookie', cookieFor(answered as Session, secure, parts.now()))
          if (name === 'signOut') reply.header('set-cookie', cookieGone(secure))
          const etag = etagOf(route, answered)
          if (etag !== null) reply.header('etag', etag)
          return route.gives ? sendGiven(reply, parts, answered as FileView | MadeFile) : reply.send(answered)
        },
      })
    if (route.sends) addBytes(app, add, route.streams === true)
    else add(app)
  }
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
const endWhenSlow = (request: FastifyRequest['raw'], { after }: HubParts['timers']): void => {
  if (request.complete) return
  const cancel = after(REQUEST_MS_MAX, () => request.destroy())
  request.once('close', cancel)
  request.once('end', cancel)
}

/** A table is kept by whoever asked for it, a paper is shown. */
const sendGiven = (reply: FastifyReply, parts: ApiParts, given: FileView | MadeFile): FastifyReply => {
  if ('file' in given) return sendFile(reply, parts, given)
  return reply.type(given.type).header('content-disposition', `attachment; filename="${given.name}"`).send(Buffer.from(given.content))
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

const callerOf = ({ headers, raw }: FastifyRequest): Caller => ({ headers, secure: (raw.socket as TLSSocket).encrypted === true })

const sendProblem = (reply: FastifyReply, refusal: Refusal, conditions = NO_CONDITIONS): FastifyReply => {
  const made = problemOf(refusal)
  const problem = { ...made, status: statusUnder(conditions, made.code, made.status) }
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
}

const NO_CONDITIONS = conditionsOf({})

/** The refusal that an error of the framework stands for; null when something broke. */
const refusalOf = (error: unknown): Refusal | null => {
  const { code = '', statusCode = 500 } = error as { readonly code?: string; readonly statusCode?: number }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return refuse('api.body-too-large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return refuse('api.media-type-unknown')
  if (statusCode === 404) return refuse('api.not-found')
  return statusCode >= 400 && statusCode < 500 ? malformed('/', { zh: '不是有效的请求', en: 'is no valid request' }) : null
}
