import { describe, expect, it } from 'vitest'
import { openLog } from './log.ts'

const MARK = 'MARK-13800001111'
const lines = (values: object): string => {
  const written: string[] = []
  openLog('trace', (line) => void written.push(line)).error('something was tried', values)
  return written.join('')
}

describe('a log line', () => {
  it.each<[string, object]>([
    ['a field', { contact: MARK }],
    ['deep in rows', { rows: [{ party: { contact: MARK } }] }],
    ['all that was sent', { request: { body: { note: MARK } } }],
    ['an error', { err: Object.assign(new Error('it broke'), { facts: { contact: MARK } }) }],
    ['what caused it', { err: new Error('it broke', { cause: Object.assign(new Error('deeper'), { body: MARK }) }) }],
    ['a table row', { cells: { 'name-zh': MARK } }],
    ['too deep to look', { a: { a: { a: { a: { a: { a: { a: { a: { a: { a: MARK } } } } } } } } } }],
  ])('says nobody by name or number: %s', (_, values) => {
    expect(lines(values)).not.toContain('13800001111')
    expect(lines(values)).toContain('something was tried')
  })

  it('keeps what a person who mends needs', () => {
    const [line] = [JSON.parse(lines({ where: 'POST /api/parties', err: new Error('disk failed') })) as Readonly<Record<string, unknown>>]
    expect(line).toMatchObject({
      where: 'POST /api/parties',
      err: { message: 'disk failed', stack: expect.stringContaining('log.test.ts') },
    })
  })
})
