import { X509Certificate } from 'node:crypto'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Validity } from '@lotkeeper/protocol/rules/renewal.ts'
import type { HubParts } from '../parts.ts'
import type { AlternativeName, CertificateRequest, CertifiedKey } from './x509.ts'

/** The two certificates of a node, PEM: of its line to the hub, and of its page. */
export interface IssuedPapers {
  readonly tlsCertificate: string
  readonly pageCertificate: string
  readonly line: Validity
  readonly page: Validity
}
export interface NodeRequests {
  readonly tls: CertificateRequest
  readonly page: CertificateRequest
}

/** Reads what a node asks to be certified, PKCS#10 PEM; `null` when one of the two is no request, or speaks of another node. */
export const readRequests = async (
  node: NodeId,
  body: { readonly tlsRequest: string; readonly pageRequest: string },
): Promise<NodeRequests | null> => {
  const { readRequest } = await import('./x509.ts')
  const [tls, page] = await Promise.all([readRequest(body.tlsRequest), readRequest(body.pageRequest)])
  return tls && page && tls.commonName === node ? { tls, page } : null
}

/** Certifies both keys of a node; the page may call itself by local names only. */
export const issuePapers = async (
  parts: Pick<HubParts, 'clock' | 'random'>,
  authority: CertifiedKey,
  node: NodeId,
  requests: NodeRequests,
): Promise<IssuedPapers> => {
  const { certify } = await import('./x509.ts')
  const fromMs = parts.clock.now()
  const issue = (request: CertificateRequest, use: 'client' | 'server') =>
    certify(authority, {
      commonName: node,
      names: use === 'server' ? request.names.filter(isLocal) : [],
      publicKey: request.publicKey,
      use,
      fromMs,
      serial: parts.random.bytes(16),
    })
  const [tlsCertificate, pageCertificate] = [await issue(requests.tls, 'client'), await issue(requests.page, 'server')]
  return { tlsCertificate, pageCertificate, line: validityIn(tlsCertificate), page: validityIn(pageCertificate) }
}

const validityIn = (pem: string): Validity => {
  const { validFromDate, validToDate } = new X509Certificate(pem)
  return { fromMs: validFromDate.getTime(), untilMs: validToDate.getTime() }
}

/** A node's page may call itself by local names only: the authority must not vouch for anybody's public site. */
const isLocal = ({ type, value }: AlternativeName): boolean =>
  type === 'ip'
    ? /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/.test(value) || value === '::1' || /^f[cde]/i.test(value)
    : value === 'localhost' || /^[a-z0-9-]+(\.(local|lan|home\.arpa|internal))?$/i.test(value)
