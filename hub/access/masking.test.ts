import { rightsOf } from '@lotkeeper/protocol/rules/access.ts'
import { MASKED, sensitive } from '@lotkeeper/protocol/sensitive.ts'
import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { HUB_EXAMPLES } from '../api/examples.ts'
import { heldBack, hiddenFrom, masked, maskedBy, maskedEvent, type Rights } from './masking.ts'

const ROWS = Type.Array(
  Type.Object({
    site: Type.Optional(Type.String()),
    place: Type.Optional(Type.String()),
    from: Type.Optional(Type.String()),
    contact: sensitive('contacts', Type.String()),
    price: sensitive('prices', Type.Union([Type.Number(), Type.Null()])),
    lines: Type.Array(Type.Object({ node: Type.Optional(Type.String()), case: sensitive('cases', Type.String()) })),
  }),
)
const mask = maskedBy(ROWS)
const row = (more: object, node?: string) => ({ ...more, contact: 'Z', price: 1, lines: [{ ...(node ? { node } : {}), case: 'C' }] })
const HERE: Rights = { 'contacts.see': ['xinghe'], 'prices.see': ['xinghe'], 'cases.see': ['xinghe'] }
const ALL: Rights = { 'contacts.see': 'all', 'prices.see': 'all', 'cases.see': 'all' }

describe('a right that holds for some sites', () => {
  it.each<[string, Rights, object, string | undefined, readonly [boolean, boolean, boolean]]>([
    ['no right', {}, { site: 'xinghe' }, undefined, [false, false, false]],
    ['every right', ALL, { site: 'qinglong' }, undefined, [true, true, true]],
    ['the site of the row', HERE, { site: 'xinghe' }, undefined, [true, true, true]],
    ['another site', HERE, { site: 'qinglong' }, undefined, [false, false, false]],
    ['the site of the place', HERE, { place: 'xinghe/main/available' }, undefined, [true, true, true]],
    ['the place of another site', HERE, { place: 'qinglong/main/available' }, undefined, [false, false, false]],
    ['a line of another site in a row of this', HERE, { site: 'xinghe' }, 'qinglong', [true, true, false]],
    ['a line of this site in a row of another', HERE, { site: 'qinglong' }, 'xinghe', [false, false, true]],
    ['a row of no site: contacts only', HERE, {}, undefined, [true, false, false]],
    ['a first day is no place', HERE, { from: '2026-01-01' }, undefined, [true, false, false]],
  ])('shows what belongs to them: %s', (_, rights, more, node, [contact, price, cased]) => {
    const [shown] = mask(rights, [row(more, node)])
    expect([shown?.contact === 'Z', shown?.price === 1, shown?.lines[0]?.case === 'C']).toEqual([contact, price, cased])
  })

  it('hides columns of tables by the same rule', () => {
    expect(hiddenFrom({})).toEqual(['contacts', 'prices', 'cases'])
    expect(hiddenFrom(HERE)).toEqual(['prices', 'cases'])
    expect(hiddenFrom(ALL)).toEqual([])
  })
})

describe('a route', () => {
  const finance = rightsOf({ grants: [{ role: 'finance', sites: 'all' }] })
  it('masks its answer, and a refusal stays what it is', () => {
    const answer = { ...HUB_EXAMPLES.saveParty.answer, contact: 'Z' }
    expect(masked('saveParty', finance, answer)).toEqual({ ...answer, contact: MASKED })
    expect(masked('saveParty', ALL, answer)).toEqual(answer)
    expect(masked('health', finance, HUB_EXAMPLES.health.answer)).toBe(HUB_EXAMPLES.health.answer)
  })

  it.each<[string, object, unknown]>([
    ['left out', {}, MASKED],
    ['masked', { contact: MASKED }, MASKED],
  ])('takes a field its sender cannot see as it is: %s', (_, more, contact) => {
    const { contact: __, ...body } = { contact: '', ...HUB_EXAMPLES.saveParty.body, ...more } as Record<string, unknown>
    expect(heldBack('saveParty', finance, { ...body, ...more })).toEqual({ body: { ...body, contact } })
  })

  it('refuses to set it, and leaves those who see it alone', () => {
    const body = { ...HUB_EXAMPLES.saveParty.body, contact: 'Z' }
    expect(heldBack('saveParty', finance, body)).toMatchObject({ code: 'access.field-hidden' })
    expect(heldBack('saveParty', ALL, body)).toEqual({ body })
  })

  it('has nothing to hide in live events yet, and passes them on as they are', () => {
    const delta = { sites: [] }
    expect(maskedEvent('delta', {}, delta)).toBe(delta)
  })
})
