import { describe, expect, it } from 'vitest'
import { isRefusal } from '../refusals.ts'
import { AIDC } from './aidc-rows.ts'
import { decodeEpcHex } from './decode.ts'

/** Bits of a picture: nibbles of digits (`#37`), numbers of a width (`24:7`), bits as they are. */
const bitsOf = (picture: string): string =>
  picture
    .split(' ')
    .map((part) => {
      if (part.startsWith('#')) return [...part.slice(1)].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('')
      const [value = '', width] = part.split(':')
      return width === undefined ? part : BigInt(value).toString(2).padStart(Number(width), '0')
    })
    .join('')

const hexOfBits = (bits: string): string =>
  [...bits.padEnd(Math.ceil(bits.length / 16) * 16, '0').matchAll(/.{4}/g)]
    .map(([nibble]) => Number.parseInt(nibble, 2).toString(16))
    .join('')

const SSCC = '095201234567891235'
const behindSscc = (picture: string): unknown => {
  const answer = decodeEpcHex(hexOfBits(bitsOf(`#F98${SSCC} ${picture}`)))
  if (isRefusal(answer)) return answer.code
  return (answer.elementString ?? '').slice(4 + SSCC.length) + (answer.rest === null ? '' : ` +${answer.rest}`)
}

const GLN = '9521141123454'
const DAY = '25:7 9:4 30:5'

describe('what is appended to an EPC', () => {
  it.each([
    ['#0206901234567892', '(02)06901234567892'],
    ['#0206901234567891', 'epc.check-digit-wrong'],
    ['#10 000 4:5 7:14', '(10)0007'],
    ['#10 000 4:5 10000:14', 'epc.field-wrong'],
    ['#10 001 3:5 #A0F', '(10)A0F'],
    ['#10 010 3:5 #a0f', '(10)a0f'],
    ['#10 011 2:5 26:6 63:6', '(10)a_'],
    ['#10 100 2:5 33:7 122:7', '(10)!z'],
    ['#10 100 2:5 33:7 35:7', 'epc.field-wrong'],
    ['#10 100 2:5 33:7 36:7', 'epc.field-wrong'],
    ['#10 101 2:5 4761:16', '(10)B9'],
    ['#10 101 3:5 0:16', 'epc.field-wrong'],
    ['#10 101 3:5 64001:16', 'epc.field-wrong'],
    ['#10 101 1:5 3242:16', 'epc.field-wrong'],
    ['#10 110 1:5 0:16', 'epc.field-wrong'],
    ['#10 000 21:5 0:70', 'epc.field-wrong'],
    ['#10 000 0:5 0:16', 'epc.field-wrong'],
    [`#11 ${DAY}`, '(11)250930'],
    ['#15 24:7 2:4 29:5', '(15)240229'],
    ['#15 25:7 2:4 29:5', 'epc.field-wrong'],
    ['#17 25:7 2:4 0:5', '(17)250200'],
    ['#17 25:7 13:4 1:5', 'epc.field-wrong'],
    ['#17 100:7 1:4 1:5', 'epc.field-wrong'],
    ['#20 7:7', '(20)07'],
    ['#20 100:7', 'epc.field-wrong'],
    ['#235 000 1:5 9:4', '(235)9'],
    ['#242 4:3 42:14', '(242)0042'],
    ['#242 7:3 42:24', 'epc.field-wrong'],
    [`#253${GLN} 000 2:5 7:7`, `(253)${GLN}07`],
    [`#253${GLN} 000 0:5`, `(253)${GLN}`],
    [`#255${GLN} 3:4 12:10`, `(255)${GLN}012`],
    [`#255${GLN} 0:4`, `(255)${GLN}`],
    ['#30 3:4 24:10', '(30)024'],
    ['#37 2:4 24:7', '(37)24'],
    ['#37 9:4 24:30', 'epc.field-wrong'],
    ['#3103 1234:20', '(3103)001234'],
    ['#3692 999999:20', '(3692)999999'],
    ['#3900 3:4 5:10', '(3900)005'],
    ['#3912 978:10 4:4 1250:14', '(3912)9781250'],
    ['#3940 25:14', '(3940)0025'],
    ['#3950 25:20', '(3950)000025'],
    ['#401 001 4:5 #12AB', '(401)12AB'],
    ['#402 69012341234567894:57', '(402)69012341234567894'],
    ['#402 69012341234567895:57', 'epc.check-digit-wrong'],
    [`#414${GLN}`, `(414)${GLN}`],
    ['#421 156:10 000 6:4 100080:20', '(421)156100080'],
    ['#423 6:4 156276:20', '(423)156276'],
    ['#427 101 2:2 8041:16', '(427)EA'],
    ['#4300 101 3:6 1683:16', '(4300)ABB'],
    ['#4302 101 3:7 1683:16', '(4302)ABB'],
    ['#4307 2:6 13:6', '(4307)CN'],
    ['#4307 26:6 13:6', 'epc.field-wrong'],
    ['#4309 02790858483015297971:67', '(4309)02790858483015297971'],
    ['#4321 1', '(4321)1'],
    [`#4324 ${DAY} 24:5 0:6`, '(4324)2509302400'],
    [`#4324 ${DAY} 24:5 1:6`, 'epc.field-wrong'],
    [`#7003 ${DAY} 23:5 59:6`, '(7003)2509302359'],
    [`#7003 ${DAY} 23:5 60:6`, 'epc.field-wrong'],
    [`#7003 ${DAY} 25:5 0:6`, 'epc.field-wrong'],
    ['#4330 2550:20 1', '(4330)002550-'],
    ['#4331 2550:20 0', '(4331)002550'],
    ['#7004 4:3 42:14', '(7004)0042'],
    [`#7006 ${DAY}`, '(7006)250930'],
    [`#7007 0 ${DAY}`, '(7007)250930'],
    [`#7007 1 ${DAY} 25:7 10:4 1:5`, '(7007)250930251001'],
    [`#7007 1 ${DAY} 25:7 0:4 1:5`, 'epc.field-wrong'],
    [`#7011 3:2 ${DAY}`, '(7011)250930'],
    [`#7011 1:2 ${DAY} 8:5 5:6`, '(7011)2509300805'],
    [`#7011 0:2 ${DAY} 8:5`, 'epc.field-wrong'],
    [`#8008 0:2 ${DAY} 8:5`, '(8008)25093008'],
    [`#8008 1:2 ${DAY} 8:5 5:6`, '(8008)2509300805'],
    [`#8008 2:2 ${DAY} 8:5 5:6 59:6`, '(8008)250930080559'],
    [`#8008 2:2 ${DAY} 8:5 5:6 60:6`, 'epc.field-wrong'],
    [`#8008 3:2 ${DAY}`, 'epc.field-wrong'],
    ['#70239521141F', '(7023)9521141'],
    ['#70239521141E 011 2:5 26:6 63:6', '(7023)9521141a_'],
    [`#7023${'1'.repeat(31)}F`, 'epc.field-wrong'],
    ['#7030 156:10 000 3:5 7:10', '(7030)156007'],
    ['#7040 101 4:3 49643:16 4801:16', '(7040)1ABC'],
    ['#714 000 3:5 7:10', '(714)007'],
    ['#724161', '(7241)61'],
    ['#7250 19991231:27', '(7250)19991231'],
    ['#7258 1:4 3:4', '(7258)1/3'],
    ['#7258 0:4 3:4', 'epc.field-wrong'],
    [`#80030${GLN} 000 2:5 7:7`, `(8003)0${GLN}07`],
    [`#80030${GLN} 000 0:5`, `(8003)0${GLN}`],
    [`#80031${GLN} 000 0:5`, 'epc.field-wrong'],
    ['#80049521141E 100 2:5 97:7 35:7', 'epc.field-wrong'],
    ['#8005 99:20', '(8005)000099'],
    ['#8006069012345678920102', '(8006)069012345678920102'],
    ['#80109521141E 100 2:5 65:7 35:7', '(8010)9521141A#'],
    ['#80109521141E 100 2:5 97:7 35:7', 'epc.field-wrong'],
    ['#8011 3:4 12:10', '(8011)012'],
    ['#8026069012345678920102', '(8026)069012345678920102'],
    ['#90 000 2:5 7:7', '(90)07'],
    ['#91 001 2:7 #AB', '(91)AB'],
    [`#37 2:4 24:7 #10 001 2:5 #AB`, '(37)24(10)AB'],
    [`#37 2:4 24:7 #37 2:4 24:7`, '(37)24'],
    [`#37 2:4 24:7 #37 2:4 25:7`, 'codes.ai-repeated'],
    ['#10 001 20:5 #AB', 'epc.length-wrong'],
  ])('%s says %s', (picture, said) => expect(behindSscc(picture)).toBe(said))
  it.each([
    ['', ''],
    ['0:48', ''],
    ['0:160', ''],
    ['#0306901234567892', ' +0306901234567892'],
    ['#8014ABCD', ' +8014ABCD'],
    ['#A1', ' +A1'],
    ['#37 2:4 24:7 #3954 1:20', '(37)24 +'],
    ['0:8 #12345', ' +0012345'],
  ])('where the table ends, reading ends and says so: %s', (picture, said) =>
    expect(String(behindSscc(picture)).startsWith(said)).toBe(true),
  )
  it('an SSCC may follow a key of another kind', () => {
    const answer = decodeEpcHex(hexOfBits(bitsOf(`#F48952114112345678906 #00${SSCC}`)))
    expect(answer).toMatchObject({ sscc: SSCC, elementString: `(8018)952114112345678906(00)${SSCC}` })
  })
  it('knows the AIs a tag may carry, and no other', () => {
    expect(AIDC.size).toBe(532)
    for (const ai of ['03', '8014', '717', '8040', '3954', '7012', '04', '37n']) expect(AIDC.has(ai)).toBe(false)
  })
})

describe('the domain of a ++ scheme', () => {
  const letters = (text: string): string => [...text].map((letter) => `${letter.charCodeAt(0)}:7`).join(' ')
  it.each([
    [`1 7:6 31:7 ${letters('gs1')} 2:7 28:7 0:7`, 'refused'],
    [`1 6:6 31:7 ${letters('gs1')} 2:7 28:7`, 'www.gs1.com.cn'],
    [`1 5:6 30:7 ${letters('ab')} 0:7 46:7`, 'qr.ab.cn'],
    [`1 3:6 ${letters('a')} 1:7 113:7`, 'a.yt'],
    [`1 3:6 ${letters('a')} 2:7 29:7`, 'a.org.cn'],
    [`1 3:6 ${letters('a')} 3:7 0:7`, 'a.tech'],
    [`1 3:6 ${letters('a')} 3:7 1:7`, 'refused'],
    [`1 2:6 ${letters('a')} 2:7 28:7`, 'refused'],
    [`1 2:6 ${letters('a')} 127:7`, 'a.med'],
    [`1 2:6 ${letters('a')} 36:7`, 'refused'],
    [`1 2:6 ${letters('a')} 64:7`, 'refused'],
    ['1 0:6', 'refused'],
    ['0 4:6 1683:16 43202:16', 'refused'],
    ['0 4:6 1683:16 43201:16', 'ABB-'],
    ['0 3:6', 'refused'],
  ])('%s is %s', (picture, hostname) => {
    const answer = decodeEpcHex(hexOfBits(bitsOf(`#EF0${SSCC} ${picture}`)))
    expect(isRefusal(answer) ? 'refused' : answer.hostname).toBe(hostname)
  })
  it('stands before what is appended', () => {
    const answer = decodeEpcHex(hexOfBits(bitsOf(`#EF8${SSCC} 1 2:6 97:7 91:7 #37 2:4 24:7`)))
    expect(answer).toMatchObject({ hostname: 'a.com', elementString: `(00)${SSCC}(37)24` })
  })
})
