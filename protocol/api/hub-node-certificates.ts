import { type Static, Type } from 'typebox'
import { INSTANT, NAME_TEXT, NODE } from '../ledger/fields.ts'
import { ACTION } from './hub-trust.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
const VALIDITY = Type.Object({ from: INSTANT, until: INSTANT }, closed)

/** A node as the county vouches for it: its certificates, its keys, and whether it may come in. */
export const NODE_CERTIFICATE_ROW = Type.Object(
  {
    node: NODE,
    name: NAME_TEXT,
    state: Type.Union([
      Type.Literal('valid'),
      Type.Literal('due'),
      Type.Literal('ended'),
      Type.Literal('revoked'),
      Type.Literal('never', { description: 'has never been on line' }),
    ]),
    online: Type.Boolean(),
    lastHeardAt: nullable(INSTANT),
    /** Of its line to the hub. */
    certificate: nullable(VALIDITY),
    /** Of its page; not known of nodes that were enrolled before this was kept. */
    page: nullable(VALIDITY),
    /** Its signing keys, the newest first. */
    keys: Type.Array(Type.Object({ key: text(16), from: INSTANT, revoked: Type.Boolean() }, closed)),
    /** When its renewal was wished for, while it is not done. */
    wishedAt: nullable(INSTANT),
  },
  closed,
)
export type NodeCertificateRow = Static<typeof NODE_CERTIFICATE_ROW>

/** The certificates of the nodes. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_NODE_CERTIFICATES = {
  nodeCertificates: {
    method: 'GET',
    path: '/api/node-certificates',
    // Its cursor is the last node that was named: nothing in it can be forged into more than its asker may see.
    query: Type.Object({ ...PAGE_QUERY, cursor: Type.Optional(NODE) }, closed),
    answer: pageOf(NODE_CERTIFICATE_ROW),
    zh: '节点证书',
    en: 'Certificates and keys of the nodes',
  },
  renewNodeCertificate: {
    method: 'POST',
    path: '/api/node-certificates/renewals',
    body: Type.Object({ action: ACTION, node: NODE }, closed),
    answer: Type.Object({ node: NODE, wishedAt: INSTANT, online: Type.Boolean() }, closed),
    zh: '要求节点更新证书',
    en: 'Ask a node to renew its certificates; one that is away does so when it comes',
  },
} as const
