import { Type } from 'typebox'
import { SITE_BODY } from '../ledger/entry.ts'
import { ENTRY_ID, EPOCH, HASH, NAME_TEXT, NODE, PUBLIC_KEY } from '../ledger/fields.ts'
import { ASIDE, ASIDE_ROW, ASIDE_VIEW } from './asides.ts'
import { nullable, PAGE_QUERY, pageOf, text } from './views.ts'

const closed = { additionalProperties: false } as const
/** Names an act of a caller. */
export const ACTION = Type.String({
  pattern: '^[A-Za-z0-9._:~-]{8,64}$',
  description: 'made by the caller; repeating it returns the first result',
})

/** Why a hub and its nodes may be believed: keys and their certificates, checkpoints and what they prove. Part of `HUB_ROUTES`, which holds them to its form. */
export const HUB_TRUST = {
  createEnrolment: {
    method: 'POST',
    path: '/api/enrolments',
    body: Type.Object(
      {
        action: ACTION,
        node: NODE,
        name: NAME_TEXT,
        zone: Type.Optional(text(64)),
        rooms: Type.Optional(SITE_BODY.properties.rooms),
        replace: Type.Optional(Type.Boolean()),
      },
      closed,
    ),
    answer: Type.Object({ code: text(200), until: text(32) }, closed),
    zh: '生成节点登记码',
    en: 'Make a one-time enrolment code',
  },
  enrol: {
    method: 'POST',
    path: '/api/enrol',
    body: Type.Object(
      {
        code: text(200),
        node: NODE,
        signingKey: PUBLIC_KEY,
        tlsRequest: Type.String({ maxLength: 8000, description: 'PKCS#10 request, PEM' }),
        pageRequest: Type.String({ maxLength: 8000, description: 'PKCS#10 request for the HTTPS page, PEM' }),
      },
      closed,
    ),
    answer: Type.Object(
      {
        certificate: text(4000),
        signature: text(128),
        countyKey: PUBLIC_KEY,
        tlsCertificate: text(8000),
        pageCertificate: text(8000),
        authority: text(8000),
        hubCertificate: text(4000),
        hubSignature: text(128),
        broker: text(200),
        site: SITE_BODY,
      },
      closed,
    ),
    zh: '节点凭登记码入网',
    en: 'A node redeems its code: its keys are certified, private keys never travel',
  },
  revokeKeys: {
    method: 'POST',
    path: '/api/certificates/revocations',
    body: Type.Object(
      {
        action: ACTION,
        node: NODE,
        key: Type.Optional(Type.String({ pattern: '^[0-9A-F]{16}$', description: 'left out: every key the node has now' })),
        reason: Type.String({ minLength: 1, maxLength: 500 }),
      },
      closed,
    ),
    answer: Type.Object({ revoked: Type.Array(text(16)) }, closed),
    zh: '吊销节点密钥',
    en: 'Revoke keys of a node: it is shut out, what it signed before stays',
  },
  rotateHubKey: {
    method: 'POST',
    path: '/api/hub/key',
    body: Type.Object({ action: ACTION, reason: Type.String({ minLength: 1, maxLength: 500 }) }, closed),
    answer: Type.Object({ key: text(16), serial: Type.Integer({ minimum: 1 }), incarnation: Type.Integer({ minimum: 1 }) }, closed),
    zh: '更换县中心签名密钥',
    en: "Sign the hub's streams with a new key from now on",
  },
  asides: {
    method: 'GET',
    path: '/api/asides',
    query: Type.Object(
      {
        node: Type.Optional(NODE),
        waiting: Type.Optional(Type.Boolean({ description: 'only what is not in the books and may still come in' })),
        ...PAGE_QUERY,
      },
      closed,
    ),
    answer: pageOf(ASIDE_ROW),
    zh: '隔离与暂存',
    en: 'What is kept aside: parked entries first, then batches that were not taken, newest first',
  },
  aside: {
    method: 'GET',
    path: '/api/aside',
    query: Type.Object({ aside: ASIDE }, closed),
    answer: ASIDE_VIEW,
    zh: '隔离内容',
    en: 'One thing kept aside, its contents in words',
  },
  decideAside: {
    method: 'POST',
    path: '/api/asides/decisions',
    body: Type.Object(
      {
        action: ACTION,
        aside: ASIDE,
        verdict: Type.Union([Type.Literal('take'), Type.Literal('refuse')]),
        reason: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
      },
      closed,
    ),
    answer: ASIDE_ROW,
    zh: '决定收下或拒收',
    en: 'Decide on what a revoked key signed: take it as it lies there, or refuse it for good',
  },
  checkpoint: {
    method: 'GET',
    path: '/api/checkpoint',
    answer: Type.Object({ epoch: EPOCH, size: Type.Integer({ minimum: 0 }), root: HASH, text: nullable(text(2_000)) }, closed),
    zh: '最新检查点',
    en: 'The newest checkpoint of the tree of entries [C2SP tlog-checkpoint]',
  },
  inclusion: {
    method: 'GET',
    path: '/api/checkpoint/inclusion',
    query: Type.Object({ entry: ENTRY_ID }, closed),
    answer: Type.Object(
      {
        entry: ENTRY_ID,
        epoch: EPOCH,
        index: Type.Integer({ minimum: 0 }),
        size: Type.Integer({ minimum: 1 }),
        leaf: HASH,
        path: Type.Array(HASH),
        root: HASH,
      },
      closed,
    ),
    zh: '记录在检查点内的证明',
    en: 'Proof that an entry is in the tree [RFC 6962 2.1.1]',
  },
} as const
