import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { testParts, testSigner } from '../../test/parts.ts'
import { testWriter } from '../../test/writer.ts'
import { asyncApiDocument } from './asyncapi.ts'
import { readBatch, writeBatch } from './batch.ts'
import { type Certificate, readCertificate, signCertificate } from './certificate.ts'
import { BIRTH, DEATH, HAVE } from './have.ts'
import { HUB_STATE_TOPIC, mayPublish, maySubscribe, readTopic, TOPICS, topicOf } from './topics.ts'

const HEAD = { source: '/nodes/qinglong', time: '2026-11-22T01:02:03.004Z' }

describe('messages', () => {
  const signer = testSigner()
  const writer = testWriter('qinglong>*', '1111111111111111', signer)
  for (let at = 0; at < 5; at += 1) writer.add({ kind: 'gap', body: { device: 'r', from: HEAD.time, to: HEAD.time, why: '拔线' } })

  test('a batch goes there and back without touching a byte of its entries', () => {
    const batch = writer.batch(2, 6)
    expect(readBatch(writeBatch(batch, HEAD))).toEqual(batch)
  })

  test.each([
    ['not JSON', () => '{'],
    ['no envelope', () => JSON.stringify(writer.batch(1, 2))],
    ['another type', () => writeBatch(writer.batch(1, 2), HEAD).replace('batch.v1', 'batch.v9')],
    ['another CloudEvents version', () => writeBatch(writer.batch(1, 2), HEAD).replace('"specversion":"1.0"', '"specversion":"0.3"')],
    ['a count that does not fit', () => writeBatch({ ...writer.batch(1, 3), upto: 2 }, HEAD)],
    ['a signature cut short', () => writeBatch({ ...writer.batch(1, 3), signature: new Uint8Array(63) }, HEAD)],
    ['too many entries', () => writeBatch({ ...writer.batch(1, 1), upto: 65, entries: Array.from({ length: 65 }, () => '{}') }, HEAD)],
    ['a stream that is none', () => writeBatch({ ...writer.batch(1, 1), stream: 'hub>*' }, HEAD)],
  ])('a batch that is none: %s', (_story, text) => {
    expect(readBatch(text())).toBeNull()
  })

  test('have, birth and death go there and back; a negative count or a foreign field is none', () => {
    const have = {
      tips: [{ stream: 'qinglong>*', epoch: '1111111111111111', held: 3, headHash: 'A'.repeat(64), applied: 3, refused: [] }],
      at: HEAD.time,
      waiting: 0,
    }
    const birth = { node: 'qinglong', epoch: '1111111111111111', software: '0.1.0', boot: 'b', at: HEAD.time, devices: [] }
    const death = { node: 'qinglong', epoch: '1111111111111111', why: 'lost' } as const
    expect(HAVE.read(HAVE.write({ id: '1', ...HEAD }, have))?.body).toEqual(have)
    expect(BIRTH.read(BIRTH.write({ id: '1', ...HEAD }, birth))?.body).toEqual(birth)
    expect(DEATH.read(DEATH.write({ id: '1', ...HEAD }, death))?.body).toEqual(death)
    expect(HAVE.read(HAVE.write({ id: '1', ...HEAD }, { ...have, waiting: -1 }))).toBeNull()
    expect(DEATH.read(BIRTH.write({ id: '1', ...HEAD }, birth))).toBeNull()
  })
})

describe('topics', () => {
  test('every topic goes there and back', () => {
    for (const name of Object.keys(TOPICS) as (keyof typeof TOPICS)[])
      expect(readTopic(topicOf(name, 'qinglong'))).toEqual({ name, node: 'qinglong' })
  })

  test.each([
    // topic or filter, may publish, may subscribe
    ['lotkeeper/v1/nodes/qinglong/up/log', true, true],
    ['lotkeeper/v1/nodes/qinglong/down/log', false, true],
    ['lotkeeper/v1/nodes/qinglong/#', false, true],
    ['lotkeeper/v1/nodes/baisha/up/log', false, false],
    ['lotkeeper/v1/nodes/qinglong2/up/log', false, false],
    ['lotkeeper/v1/nodes/+/up/log', false, false],
    ['lotkeeper/v1/nodes/qinglong/+/log', false, false],
    ['lotkeeper/v1/nodes/qinglong/up/other', false, false],
    ['#', false, false],
    ['$SYS/broker/uptime', false, false],
    [HUB_STATE_TOPIC, false, true],
  ])('%s: publish %s, subscribe %s', (topic, publish, subscribe) => {
    expect([mayPublish('qinglong', topic), maySubscribe('qinglong', topic)]).toEqual([publish, subscribe])
  })

  test('the AsyncAPI document is valid by the AsyncAPI 3.0.0 schema and names every topic', () => {
    const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json')
    const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false })
    addFormats.default(ajv)
    const valid = ajv.compile(JSON.parse(readFileSync(path, 'utf8')))
    const document = asyncApiDocument('0.1.0')
    expect(valid(document) ? [] : valid.errors).toEqual([])
    expect(Object.keys(document['channels'] as object)).toEqual([...Object.keys(TOPICS), 'hubState'])
    expect(valid({ ...document, asyncapi: '3.0.0', info: {} })).toBe(false)
  })
})

describe('certificates', () => {
  const county = testSigner()
  const certificate: Certificate = {
    v: 1,
    subject: 'qinglong',
    role: 'node',
    alg: 'Ed25519',
    signingKey: 'A'.repeat(43),
    tlsKey: 'B'.repeat(64),
    from: HEAD.time,
    serial: 1,
    incarnation: 0,
    issuer: county.key,
  }
  test('what the county signed is read back; anything else is not', () => {
    const signed = signCertificate(testParts, county, certificate)
    expect(readCertificate(testParts, county.publicKey, signed)).toEqual(certificate)
    expect(readCertificate(testParts, testSigner().publicKey, signed)).toBeNull()
    expect(
      readCertificate(testParts, county.publicKey, { ...signed, certificate: signed.certificate.replace('qinglong', 'baishaaa') }),
    ).toBeNull()
    expect(readCertificate(testParts, county.publicKey, { ...signed, signature: 'x' })).toBeNull()
  })
})
