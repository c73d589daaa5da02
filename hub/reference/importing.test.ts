import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceWith, diOf, type Imported, onePart, openImported, zipped } from './fixtures/imported.ts'
import { deviceOf, deviceXml, partXml, releaseParts } from './fixtures/release.ts'
import { LIMITS } from './limits.ts'

let reference: Imported
beforeEach(() => {
  reference = openImported()
})
afterEach(() => reference.close())

const count = (table: string) => reference.db.prepare(`select count(*) from ${table}`).pluck().get()
const caseOf = (at: number) => {
  const body = `1${diOf(at).slice(1, 13)}`
  return body + checkDigitOf(body)
}
const pack = (code: string, quantity: string, holds: string) => ({
  bzcpbs: code,
  cpbzjb: '箱',
  bznhxyjcpbssl: quantity,
  bznhxyjbzcpbs: holds,
})
const sealed = (digits: string) => digits + checkDigitOf(digits)

describe('a release', () => {
  it('comes in whole, part by part', async () => {
    const run = await reference.take(zipped(releaseParts({ seed: 7, records: 120, perPart: 50 })))
    expect(run).toMatchObject({ state: 'done', why: null, counts: { parts: 3, records: 120, added: 120, refused: 0, unknown: {} } })
    expect(count('device')).toBe(120)
  })

  it('is the same twice: nothing changes and no run is added', async () => {
    const release = zipped(releaseParts({ seed: 7, records: 30 }))
    const first = await reference.take(release)
    const before = reference.db.serialize()
    expect(await reference.take(release)).toEqual(first)
    expect(reference.db.serialize().equals(before)).toBe(true)
  })

  it('keeps of each DI the highest version, and of one version the last word', async () => {
    const take = (version: string, name: string) => reference.take(onePart([deviceWith(1, { versionNumber: version, cpmctymc: name })]))
    expect((await take('2', '纱布块')).counts).toMatchObject({ added: 1 })
    expect((await take('1', '旧纱布块')).counts).toMatchObject({ older: 1 })
    expect(reference.device(diOf(1))).toMatchObject({ name: '纱布块', version: 2 })
    expect((await take('2', '纱布块（更正）')).counts).toMatchObject({ changed: 1 })
    expect((await take('3', '纱布块（更正）')).counts).toMatchObject({ changed: 1 })
    expect(reference.device(diOf(1))).toMatchObject({ name: '纱布块（更正）', version: 3 })
  })

  it('leads from a code that a newer version dropped no longer here', async () => {
    const take = (version: string, packs: Parameters<typeof deviceWith>[2]) =>
      reference.take(onePart([deviceWith(1, { versionNumber: version }, packs)]))
    await take('1', [pack(caseOf(1), '10', diOf(1))])
    expect(reference.device(caseOf(1))).toMatchObject({ di: diOf(1) })
    await take('2', [])
    expect(reference.device(caseOf(1))).toBeNull()
    expect(reference.device(diOf(1))).toMatchObject({ version: 2 })
  })

  it('is filtered to certificates, makers and names that were asked for', async () => {
    const device = deviceOf(7, 3)
    const keep = [device.fields['zczbhhzbapzbh'] ?? '']
    const run = await reference.take(zipped(releaseParts({ seed: 7, records: 50 })), { keep })
    expect(run.counts).toMatchObject({ records: 50, added: 5, left: 45 })
    const other = await reference.take(zipped(releaseParts({ seed: 7, records: 50 })))
    expect(other.counts).toMatchObject({ added: 45, same: 5 })
    expect(other.import).not.toBe(run.import)
  })

  it('shows a record with its packs, exact, and how it is stored', async () => {
    const big = sealed(`2${diOf(4).slice(1, 13)}`)
    const use = sealed(`069${diOf(4).slice(3, 12)}9`)
    const packs = [pack(big, '20', caseOf(4)), pack(caseOf(4), '10', diOf(4))]
    const fields = { zxxsdyzsydydsl: '50', sydycpbs: use, ybbm: 'C0101010010000100001', sfwwjbz: '是', sfbjwycxsy: '也许' }
    await reference.take(onePart([deviceWith(4, fields, packs)]))
    expect(reference.device(big)).toMatchObject({
      ...{ di: diOf(4), scheme: 'gtin', sterile: true, singleUse: null, nhsa: 'C0101010010000100001' },
      packs: [
        { code: diOf(4), units: 50, of: use, quantity: 50 },
        { code: use, units: 1, of: null },
        { code: big, units: 10_000, of: caseOf(4), quantity: 20 },
        { code: caseOf(4), units: 500, of: diOf(4), quantity: 10 },
      ],
    })
  })
})

describe('one bad record is counted with its reason, and costs no other', () => {
  const good = deviceXml(deviceOf(7, 0))
  const list = (rows: number) => Array.from({ length: rows }, (_, at) => pack(sealed(`3${String(at).padStart(12, '0')}`), '2', diOf(1)))
  it.each([
    ['reference.di-missing', () => deviceWith(1, { zxxsdycpbs: '' })],
    ['reference.di-malformed', () => deviceWith(1, { zxxsdycpbs: '06901234567899' })],
    ['reference.name-missing', () => deviceWith(1, { cpmctymc: ' ' })],
    ['reference.version-malformed', () => deviceWith(1, { versionNumber: '1.5' })],
    ['catalog.factor-not-whole', () => deviceWith(1, {}, [pack(caseOf(1), '0', diOf(1))])],
    ['catalog.factor-not-whole', () => deviceWith(1, {}, [pack(caseOf(1), '2.5', diOf(1))])],
    ['catalog.factor-not-whole', () => deviceWith(1, { zxxsdyzsydydsl: '0' })],
    ['catalog.pack-loop', () => deviceWith(1, {}, [pack(caseOf(1), '2', caseOf(2)), pack(caseOf(2), '2', caseOf(1))])],
    ['catalog.pack-loop', () => deviceWith(1, {}, [pack(diOf(1), '2', diOf(1))])],
    ['catalog.pack-twice', () => deviceWith(1, {}, [pack(caseOf(1), '2', diOf(1)), pack(caseOf(1), '3', diOf(1))])],
    ['catalog.pack-unknown', () => deviceWith(1, {}, [pack(caseOf(1), '2', caseOf(2))])],
    ['reference.xml-broken', () => deviceXml(deviceOf(7, 1)).replace('</ggxh>', '</gghx>')],
    ['reference.too-deep', () => deviceWith(1, {}).replace('<contactList>', `${'<x>'.repeat(9)}${'</x>'.repeat(9)}<contactList>`)],
    ['reference.text-too-long', () => deviceWith(1, { cpmctymc: '长'.repeat(LIMITS.textCharsMax + 1) })],
    ['reference.rows-too-many', () => deviceWith(1, {}, list(LIMITS.rowsMax + 1))],
    ['reference.record-too-long', () => deviceWith(1, { cpmctymc: '长'.repeat(LIMITS.recordCharsMax) })],
  ])('%s', async (code, bad) => {
    const run = await reference.take(onePart([bad(), good]))
    expect(run).toMatchObject({ state: 'done', counts: { records: 2, added: 1, refused: 1, reasons: { [code]: 1 } } })
    expect(run.errors).toMatchObject([{ part: 'part1.xml', code }])
    expect(run.errors[0]?.zh).toMatch(/\p{Script=Han}/u)
    expect(reference.device(diOf(0))).not.toBeNull()
  })

  it('a part that ends in the middle of a record', async () => {
    const text = partXml([good, good])
    const run = await reference.take(zipped([{ name: 'a.xml', text: text.slice(0, text.lastIndexOf('<ggxh>')) }]))
    expect(run.counts).toMatchObject({ added: 1, refused: 1, reasons: { 'reference.record-cut': 1 } })
  })

  it('unknown tags are counted by name, whatever they are called, and tolerated', async () => {
    const odd = good.replace(
      '<contactList>',
      '<futureTag>1</futureTag><constructor>2</constructor><newList><row><a>1</a></row></newList><contactList>',
    )
    const run = await reference.take(onePart([odd]))
    expect(run.counts).toMatchObject({ added: 1, unknown: { futureTag: 1, constructor: 1, newList: 1 } })
  })

  it('control letters are taken out and counted', async () => {
    const run = await reference.take(onePart([good.replace('<ggxh>', '<ggxh>A\u0001\u0008B\uffff')]))
    expect(run.counts).toMatchObject({ added: 1, mended: 1 })
    expect(reference.device(diOf(0))?.model).toMatch(/^AB/)
  })

  it('an ampersand that begins nothing is kept as text, and an entity of XML is read', async () => {
    await reference.take(onePart([good.replace(/<ggxh>[^<]*/, '<ggxh>A & B &amp; C &lt;D&gt; &#13;&bomb;')]))
    expect(reference.device(diOf(0))?.model).toBe('A & B & C <D> \r&bomb;')
  })

  it('SQL and HTML stay text', async () => {
    const evil = `'); drop table device; -- <script>alert(1)</script> " OR 1=1`
    await reference.take(onePart([deviceWith(0, { cpmctymc: evil, ggxh: evil, ylqxzcrbarmc: evil, zczbhhzbapzbh: evil, spmc: evil })]))
    expect(reference.device(diOf(0))).toMatchObject({ name: evil, model: evil, maker: evil, certificate: evil, trade: evil })
    expect(count('device')).toBe(1)
  })

  it('comments, CDATA and attributes are read like any XML', async () => {
    const odd = good.replace('<device>', '<device kind="a>b">').replace(/<ggxh>[^<]*/, '<ggxh><!-- x --><![CDATA[<A&B>]]>')
    await reference.take(onePart([odd]))
    expect(reference.device(diOf(0))?.model).toBe('<A&B>')
  })
})

describe('a file that is no release', () => {
  const good = deviceXml(deviceOf(7, 0))
  const bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<udid><devices>'
  const release = onePart([good])
  it.each([
    ['reference.not-a-zip', () => Buffer.from('<html>not found</html>')],
    ['reference.not-a-zip', () => Buffer.alloc(0)],
    ['reference.zip-truncated', () => release.subarray(0, release.length - 30)],
    ['reference.zip-damaged', () => Buffer.concat([release.subarray(0, 60), Buffer.alloc(200, 7), release.subarray(260)])],
    ['reference.zip-bomb', () => zipped([{ name: 'a.xml', text: Buffer.alloc(64 * 1024 ** 2, 0x20) }])],
    ['reference.doctype', () => zipped([{ name: 'a.xml', text: `${bomb}${good}</devices></udid>` }])],
    ['reference.frame-too-long', () => zipped([{ name: 'a.xml', text: Array.from({ length: 400_000 }, (_, at) => at).join(' ') }])],
    ['reference.encoding-unknown', () => zipped([{ name: 'a.xml', text: partXml([good], 'KLINGON-8') }])],
    ['reference.records-none', () => zipped([{ name: 'readme.txt', text: 'hello' }])],
    ['reference.records-none', () => zipped([{ name: 'a.xml', text: partXml([]) }])],
  ])('%s', async (code, file) => {
    expect(await reference.take(file())).toMatchObject({ state: 'failed', why: { code } })
    expect(count('device')).toBe(0)
  })

  it('a bomb that lies about its size is stopped as it comes out', async () => {
    const lying = zipped([{ name: 'a.xml', text: Buffer.alloc(64 * 1024 ** 2, 0x20) }])
    // The size it says it has, in the list at the end and before its bytes.
    const list = lying.lastIndexOf('PK\u0001\u0002')
    lying.writeUInt32LE(1_000, list + 24)
    lying.writeUInt32LE(1_000, 22)
    const { state, why } = await reference.take(lying)
    expect([state, why?.code]).toEqual(['failed', expect.stringMatching(/zip-(bomb|damaged)/)])
  })

  it.each([
    ['reference.entries-too-many', { entriesMax: 1 }],
    ['reference.records-too-many', { recordsMax: 5 }],
  ])('%s', async (code, limit) => {
    const run = await reference.take(zipped(releaseParts({ seed: 7, records: 12, perPart: 4 })), { limits: { ...LIMITS, ...limit } })
    expect(run).toMatchObject({ state: 'failed', why: { code } })
  })

  it('reference.file-too-large, before it is read', async () => {
    await expect(reference.take(release, { limits: { ...LIMITS, fileBytesMax: 100 } })).rejects.toThrow('reference.file-too-large')
  })
})

describe('encodings', () => {
  const good = deviceOf(7, 0)
  it.each([
    ['UTF-8 that says it is GB18030', 'GB18030', Buffer.from(partXml([deviceXml(good)], 'GB18030'))],
    ['a beginning that tells the order of bytes', 'UTF-16', Buffer.from(`\ufeff${partXml([deviceXml(good)], 'UTF-16')}`, 'utf16le')],
  ])('%s is read as what it is', async (_, __, text) => {
    await reference.take(zipped([{ name: 'a.xml', text }]))
    expect(reference.device(diOf(0))?.name).toBe(good.fields['cpmctymc'])
  })

  it('GB18030 is read, also when it says it is UTF-8', async () => {
    // 纱布块 in GB18030.
    const [before = '', after = ''] = partXml([deviceWith(0, { cpmctymc: '#', ylqxzcrbarmc: '', zczbhhzbapzbh: '' })])
      .replace(/[^\u0020-\u007e\n]/g, '')
      .split('#')
    const text = Buffer.concat([Buffer.from(before), Buffer.from('c9b4b2bcbfe9', 'hex'), Buffer.from(after)])
    await reference.take(zipped([{ name: 'a.xml', text }]))
    expect(reference.device(diOf(0))?.name).toBe('纱布块')
  })

  it('letters of no encoding refuse their record: reference.encoding-wrong', async () => {
    const text = Buffer.from(partXml([deviceXml(good), deviceWith(1, { ggxh: '@@' })]))
    text.fill(0xff, text.indexOf('@@'), text.indexOf('@@') + 2)
    const run = await reference.take(zipped([{ name: 'a.xml', text }]))
    expect(run.counts).toMatchObject({ added: 1, reasons: { 'reference.encoding-wrong': 1 } })
  })
})

describe('broken off', () => {
  const release = zipped(releaseParts({ seed: 7, records: 100, perPart: 20 }))
  const after = (batches: number) => {
    let asked = 0
    return () => {
      asked += 1
      return asked > batches
    }
  }

  it('by a cancel: finished parts stay, the same file goes on from there', async () => {
    const run = await reference.take(release, { cancelled: after(2) })
    expect(run).toMatchObject({ state: 'cancelled', counts: { parts: 2, added: 40 } })
    expect(count('device')).toBe(40)
    const again = await reference.take(release)
    expect(again).toMatchObject({ import: run.import, state: 'done', counts: { parts: 5, records: 100, added: 100, same: 0 } })
    expect(count('device')).toBe(100)
  })

  it('inside a part: nothing of that part stays', async () => {
    const damaged = Buffer.from(release)
    const third = Array.from({ length: 3 }).reduce((at: number) => damaged.indexOf('PK\u0003\u0004', at + 1), -1)
    damaged.fill(7, third + 200, third + 400)
    const run = await reference.take(damaged)
    expect(run).toMatchObject({ state: 'failed', why: { code: 'reference.zip-damaged' }, counts: { parts: 2, records: 40 } })
    expect(count('device')).toBe(40)
  })
})
