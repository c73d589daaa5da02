import { existsSync } from 'node:fs'
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import serveStatic from '@fastify/static'
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify'

/** The only door to Fastify and its static files: one request in, one reply out; what they mean is decided elsewhere. */
export interface Server {
  /** Serves one exchange of any HTTP or HTTPS server. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
  readonly close: () => Promise<void>
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly query: unknown
  readonly body: unknown
  /** Over TLS. */
  readonly secure: boolean
  /** Address of the other side. */
  readonly remote: string
}

export interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A long answer, written piece by piece. */
export interface Stream {
  readonly write: (text: string) => void
  /** Bytes the other side has not taken yet. */
  readonly waiting: () => number
  readonly close: () => void
  readonly onClose: (run: () => void) => void
}

/** Why a request came to nothing before anybody was asked. */
export type Trouble = 'missing' | 'too-large' | 'media-type' | 'malformed' | 'fault'

export interface ServerParts {
  readonly routes: readonly {
    readonly method: 'GET' | 'POST' | 'DELETE'
    readonly path: string
    readonly answer: (asked: Asked) => Promise<Reply> | Reply
  }[]
  /** Opens the stream at `path`, or says why not. */
  readonly stream: { readonly path: string; readonly open: (asked: Asked, open: () => Stream) => Reply | null }
  /** Folder of built pages with the file that stands at `/`; `null` where nothing was built. */
  readonly pages: { readonly folder: string; readonly index: string } | null
  readonly bodyBytesMax: number
  /** Looked at before anything else of a request is; a reply ends it. */
  readonly guard: (asked: Asked) => Reply | null
  /** On every reply, whatever it is. */
  readonly headers: (path: string) => Readonly<Record<string, string>>
  readonly troubled: (trouble: Trouble, error: unknown) => Reply
}

export const openServer = async (parts: ServerParts): Promise<Server> => {
  const app = fastify({
    bodyLimit: parts.bodyBytesMax,
    exposeHeadRoutes: false,
    // An address that is none never comes to a route, nor to its hooks.
    frameworkErrors: (error, _request, reply) => {
      reply.headers(parts.headers('/'))
      send(reply, parts.troubled(troubleOf(error), error))
    },
  })
  // A form of another site can send plain text without asking first.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(parts.headers(pathOf(request)))
    const refused = parts.guard(askedOf(request))
    if (refused) return send(reply, refused)
  })
  app.setNotFoundHandler((_request, reply) => send(reply, parts.troubled('missing', null)))
  app.setErrorHandler((error, _request, reply) => send(reply, parts.troubled(troubleOf(error), error)))
  for (const { method, path, answer } of parts.routes) {
    app.route({ method, url: path, handler: async (request, reply) => send(reply, await answer(askedOf(request))) })
  }
  app.get(parts.stream.path, (request, reply) => {
    const refused = parts.stream.open(askedOf(request), () => streamOf(reply))
    if (refused) return send(reply, refused)
  })
  if (parts.pages && existsSync(parts.pages.folder)) {
    const { folder, index } = parts.pages
    await app.register(serveStatic, { root: folder, index: false, dotfiles: 'ignore', cacheControl: false, setHeaders: keepAssets })
    // The files below answer HEAD as they answer GET; so does the page that stands for them [RFC 9110 9.3.2].
    app.route({ method: ['GET', 'HEAD'], url: '/', handler: (_request, reply) => reply.sendFile(index) })
  }
  await app.ready()
  return { listener: (request, response) => app.routing(request, response), close: () => app.close() }
}

const askedOf = (request: FastifyRequest): Asked => ({
  method: request.method,
  path: pathOf(request),
  headers: Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  ),
  query: request.query,
  body: request.body,
  secure: request.protocol === 'https',
  remote: request.ip,
})

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/'

const send = (reply: FastifyReply, { status, body, headers = {} }: Reply): FastifyReply =>
  reply
    .code(status)
    .type(status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json; charset=utf-8')
    .headers(headers)
    .send(JSON.stringify(body))

const streamOf = (reply: FastifyReply): Stream => {
  const headers = reply.getHeaders() as OutgoingHttpHeaders
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' })
  raw.flushHeaders()
  return {
    write: (text) => void raw.write(text),
    waiting: () => raw.writableLength,
    close: () => void raw.destroy(),
    onClose: (run) => void raw.on('close', run),
  }
}

const troubleOf = (error: unknown): Trouble => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'too-large'
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'media-type'
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  return status >= 400 && status < 500 ? 'malformed' : 'fault'
}

/** Built assets carry their digest in their names and never change; all else is asked for anew. */
const keepAssets = (reply: FastifyReply, path: string): void => {
  reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
}
