import { describe, expect, it } from 'vitest'
import { bytesOfHex } from '../bytes.ts'
import { scanOf } from './aim.ts'
import { decodeLine } from './decode.ts'
import gs1 from './fixtures/gs1.json' with { type: 'json' }
import scanner from './fixtures/scanner.json' with { type: 'json' }

describe('every GS1 vector passes through decode', () => {
  it.each(gs1.vectors.map((vector) => [`${vector.kind} ${vector.note}`, vector] as const))('%s', (_, vector) => {
    const answer = JSON.parse(decodeLine(JSON.stringify(vector), 2026)) as Record<string, unknown>
    const { kind: _kind, input: _input, note: _note, options: _options, ...expected } = vector as Record<string, unknown>
    expect(answer).toMatchObject(expected)
    if (vector.valid) return
    expect(answer['code']).toMatch(/^codes\./)
    expect(answer['message']).not.toMatch(/\{\w+\}/)
    expect(answer['messageEn']).not.toMatch(/\{\w+\}/)
  })
})

describe('every line a scanner sends is taken apart', () => {
  it.each(scanner.vectors.map((vector) => [vector.name, vector] as const))('%s', (name, { hex, expected }) => {
    const line = String.fromCharCode(...(bytesOfHex(hex) ?? []))
    const { lossy: _lossy, ...wanted } = expected as Record<string, unknown>
    expect(scanOf(line, name.includes('|') ? '|' : null)).toMatchObject(wanted)
  })
})
