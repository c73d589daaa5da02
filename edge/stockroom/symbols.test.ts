import { identifyScan } from '@lotkeeper/protocol/codes/identification.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { pairOf } from './symbols.ts'

const said = (text: string) => {
  const read = identifyScan(text, { referenceYear: 2026, guess: true })
  if (isRefusal(read)) throw new Error(read.code)
  return read
}
const PRODUCT = '+H123ABC01234567890D'

test('the two symbols of a HIBC label are one, whichever came first', () => {
  const lot = said('+28243LOT7ADZ')
  for (const pair of [pairOf(said(PRODUCT), lot), pairOf(lot, said(PRODUCT))])
    expect(pair).toMatchObject({ is: 'joined', said: { issuer: 'HIBC', lot: 'LOT7A', expiry: '2028-08-30', ai: null } })
})

test('a second symbol linked to another product is kept apart, and it is said why', () => {
  const [body, link] = ['+28243LOT7A', 'E']
  const values = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%'
  const check = values.charAt([...body, link].reduce((sum, letter) => sum + values.indexOf(letter), 0) % 43)
  expect(pairOf(said(PRODUCT), said(`${body}${link}${check}`))).toMatchObject({ is: 'apart', differs: [{ en: 'link character' }] })
})
