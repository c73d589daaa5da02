import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { describe, expect, it } from 'vitest'
import { MASKED, type Sensitive, sensitive, sensitiveCode } from '../sensitive.ts'
import { LEFT_OUT, sensitiveFieldsIn, walkOf } from './masking.ts'

/** Masks those kinds everywhere. */
const maskedBy = (schema: TSchema, ...kinds: readonly Sensitive[]) => {
  const walk = walkOf(schema)
  return (value: unknown) =>
    walk
      ? walk(value, {
          outer: null,
          rowOf: () => null,
          answer: ({ kind, mask, value: met }) => (met !== undefined && kinds.includes(kind) ? mask : met),
        })
      : value
}

const PRICE = sensitive('prices', Type.Number())
const NESTED = Type.Object({
  contact: Type.Optional(sensitive('contacts', Type.String({ minLength: 1 }))),
  price: Type.Optional(PRICE),
  paid: sensitive('prices', Type.Union([Type.Number(), Type.Null()])),
  cases: sensitive('cases', Type.Array(Type.String({ pattern: '^C[0-9]+$' }))),
  lines: Type.Array(Type.Object({ lot: Type.String(), amount: Type.Union([PRICE, Type.Null()]), case: sensitive('cases', Type.String()) })),
  by: Type.Record(
    Type.String({ pattern: '^[a-z]+$' }),
    Type.Object({ price: Type.Union([Type.Null(), sensitive('prices', Type.Integer())]) }),
  ),
  who: Type.Union([
    Type.Object({ is: Type.Literal('person'), name: sensitive('contacts', Type.String()) }),
    Type.Object({ is: Type.Literal('ward'), name: Type.String() }),
    Type.Null(),
  ]),
  pair: Type.Tuple([Type.String(), sensitive('cases', Type.String())]),
  both: Type.Intersect([Type.Object({ a: Type.String() }), Type.Object({ b: sensitive('contacts', Type.String()) })]),
})
const VALUE = {
  ...{ contact: '张三 13800001111', price: 1.5, paid: 3, cases: ['C1', 'C2'] },
  lines: [
    { lot: 'a', amount: 2, case: 'C3' },
    { lot: 'b', amount: null, case: 'C4' },
  ],
  ...{ by: { gauze: { price: 7 } }, who: { is: 'person', name: '张三' }, pair: ['x', 'C5'], both: { a: '1', b: '张三' } },
}

describe('what is sensitive', () => {
  it.each<[string, readonly Sensitive[], object]>([
    ['nothing', [], {}],
    ['contacts', ['contacts'], { contact: MASKED, who: { is: 'person', name: MASKED }, both: { a: '1', b: MASKED } }],
    [
      'prices',
      ['prices'],
      {
        ...{ price: undefined, paid: null, by: { gauze: { price: null } } },
        lines: VALUE.lines.map((line) => ({ ...line, amount: null })),
      },
    ],
    ['cases', ['cases'], { cases: [], lines: VALUE.lines.map((line) => ({ ...line, case: MASKED })), pair: ['x', MASKED] }],
  ])('is masked wherever it stands: %s', (_, kinds, differs) => {
    const shown = maskedBy(NESTED, ...kinds)(VALUE)
    expect(shown).toEqual(JSON.parse(JSON.stringify({ ...VALUE, ...differs })))
    expect(Compile(NESTED).Check(shown)).toBe(true)
  })

  it('changes nothing of what it was given', () => {
    const before = JSON.stringify(VALUE)
    maskedBy(NESTED, 'contacts', 'prices', 'cases')(VALUE)
    expect(JSON.stringify(VALUE)).toBe(before)
  })

  it('keeps the name of a branch that has nothing to hide, and hides all of what fits no branch', () => {
    const hide = maskedBy(NESTED, 'contacts')
    expect(hide({ ...VALUE, who: { is: 'ward', name: '内科' } })).toMatchObject({ who: { name: '内科' } })
    expect(hide({ ...VALUE, who: { is: 'guest', name: '李四' } })).toMatchObject({ who: { name: MASKED } })
  })

  it('is found in what refers to itself', () => {
    const tree = Type.Cyclic({ Node: Type.Object({ case: sensitive('cases', Type.String()), next: Type.Array(Type.Ref('Node')) }) }, 'Node')
    expect(maskedBy(tree, 'cases')({ case: 'a', next: [{ case: 'b', next: [] }] })).toEqual({
      case: MASKED,
      next: [{ case: MASKED, next: [] }],
    })
  })

  it('is known by the names of its fields', () => {
    expect([...sensitiveFieldsIn([NESTED])].sort()).toEqual(['amount', 'b', 'case', 'cases', 'contact', 'name', 'paid', 'pair', 'price'])
  })

  it.each<[string, TSchema, RegExp]>([
    ['a number that must be there', Type.Object({ price: PRICE }), /allows no mask/],
    ['a part that is not walked', Type.Object({ a: Type.Unsafe({ not: sensitive('cases', Type.String()) }) }), /not walked/],
    ['a kind nobody knows', Type.Object({ a: Type.Unsafe({ type: 'string', 'x-sensitive': 'secrets' }) }), /no kind/],
    ['a reference to nothing', Type.Object({ a: Type.Unsafe({ $ref: '#/$defs/none' }) }), /refers to nothing/],
  ])('cannot be declared where it could not be hidden: %s', (_, schema, why) => {
    expect(() => walkOf(schema)).toThrow(why)
  })

  it('costs nothing where there is nothing', () => {
    expect(walkOf(Type.Object({ a: Type.Array(Type.String()) }))).toBeNull()
    expect(LEFT_OUT.toString()).toContain('left out')
  })
})

describe('a scanned code', () => {
  const hide = maskedBy(Type.Object({ scan: Type.Optional(sensitiveCode(Type.String())) }), 'contacts')
  it.each([
    ['what is in a box', ']d20106901234567892172808311', false],
    ['a plain GTIN', '06901234567892', false],
    ['who is to receive it', ']C1001234567890123456754301ZHANG+SAN', true],
    ['and telephone', ']C10012345678901234567543081380000', true],
    ['what cannot be read but may name one', 'xx (4308)13800001111', true],
    ['a link', 'https://id.gs1.org/00/123456789012345675?4301=ZHANG', true],
  ])('is masked only where it names a person: %s', (_, scan, isHidden) => {
    expect(hide({ scan })).toEqual({ scan: isHidden ? MASKED : scan })
  })
})
