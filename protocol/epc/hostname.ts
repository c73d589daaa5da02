import { type Cursor, take } from './bits.ts'
import { SEVEN_BIT } from './letters.ts'
import { takeUrn40 } from './text.ts'

/** Takes the domain of a `++` scheme: one bit says how it is written, six how many units it has [TDS 14.5.16]; `null` for what is none. */
export const takeHostname = (cursor: Cursor): string | null => {
  const isSevenBit = take(cursor, 1) === 1
  const units = take(cursor, UNITS_BITS)
  const hostname = isSevenBit ? takeSevenBit(cursor, units) : takeUrn40(cursor, units)
  return hostname === '' ? null : hostname
}

/** Letters, and shortcuts of one unit or of two. */
const takeSevenBit = (cursor: Cursor, units: number): string | null => {
  let hostname = ''
  for (let left = units; left > 0; left -= 1) {
    const unit = take(cursor, UNIT_BITS)
    const endings = ENDINGS[unit]
    if (endings && left < 2) return null
    const said = endings ? endings[take(cursor, UNIT_BITS)] : (SHORTCUTS[unit] ?? SEVEN_BIT[unit])
    if (!said) return null
    hostname += said
    if (endings) left -= 1
  }
  return hostname
}

/** Units that stand for several letters [TDS table 14-11]. */
const SHORTCUTS: Readonly<Record<number, string>> = {
  ...{ 30: 'qr.', 31: 'www.', 32: 'id.' },
  ...{ 91: '.com', 92: '.org', 93: '.net', 94: '.int', 96: '.edu' },
  ...{ 123: '.gov', 124: '.mil', 125: '.biz', 126: '.eco', 127: '.med' },
}

const endings = (names: string): readonly string[] => names.split(' ').map((name) => `.${name}`)

/** Endings of two units, by the first of them [TDS tables 14-12 to 14-15]; the standard prints two rows of the third list under the first. */
const ENDINGS: readonly (readonly string[])[] = [
  endings(
    'ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo bq br bs bt bw by bz ca cc cd cf cg ch ci ck cl cm ' +
      'cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo fr ga gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu ' +
      'gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li',
  ),
  endings(
    'lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ' +
      'ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm ' +
      'tn to tr tt tv tw tz ua ug us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw',
  ),
  endings(
    'com.au net.au org.au co.at com.bd co.bd com.br net.br co.nz com.ng com.pk co.in com.in co.il co.jp co.za co.kr com.es com.lk co.th co.tt ' +
      'com.tt com.tr biz.tr com.ua co.uk co.zm com.zm com.cn org.cn net.cn gov.cn',
  ),
  endings('tech'),
]

const UNITS_BITS = 6
const UNIT_BITS = 7
