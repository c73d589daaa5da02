import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'

/**
 * Whether a `Host` is one of this hub's: an address, `localhost`, the machine's name or one the settings give it. The page of another site can point
 * its own name at the hub's address (DNS rebinding); to the browser it is then one origin with the hub, and only the name it asks for tells it apart.
 */
export const openHosts = (names: readonly string[]): ((host: string | undefined) => boolean) => {
  const own = hostname().toLowerCase()
  const known = new Set(['localhost', own, `${own}.local`, ...names.map((name) => bare(name))])
  return (host) => {
    const name = bare(
      /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/
        .exec(host ?? '')
        ?.slice(1)
        .join('') ?? '',
    )
    return name !== '' && (isIP(name) !== 0 || known.has(name))
  }
}

/** Names are told apart neither by case nor by the root's dot. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')

/** What is wrong with where a request is sent; null: nothing. A target that names its own authority overrules `Host`, and two are none [RFC 9112 3.2]. */
export const openAim =
  (isOwn: ReturnType<typeof openHosts>) =>
  ({ url = '', headersDistinct }: Pick<IncomingMessage, 'url' | 'headersDistinct'>): Refusal | null => {
    const [host = '', ...more] = headersDistinct['host'] ?? []
    if (!url.startsWith('/') || more.length > 0) return malformed('/', NO_REQUEST)
    return isOwn(host) ? null : refuse('access.host-unknown', { host: host.slice(0, HOST_LENGTH_TOLD) })
  }

export const NO_REQUEST = { zh: '不是有效的请求', en: 'is no valid request' }
const HOST_LENGTH_TOLD = 100
