import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { lotOf } from '@lotkeeper/protocol/names.ts'
import type { Book } from '../ledger/contract.ts'
import type { Facts, FindingCode } from './judge.ts'
import { type Finding, nameOf } from './standing.ts'

type FindingView = DeviceView['findings'][number]

/** A finding in words: what is wrong, and what a person can do about it. */
export const findingView = (finding: Finding, book: Pick<Book, 'tag' | 'item'>): FindingView => {
  const { code, antenna, sinceMs, facts } = finding
  const label = labelOf(finding, book)
  const { severity, zh, en, remedy } = WORDS[code]
  const what = label?.itemName ? { zh: `（${label.itemName.zh}）`, en: ` (${label.itemName.en || label.itemName.zh})` } : { zh: '', en: '' }
  const at = { zh: antenna === null ? '天线' : `${antenna} 号天线`, en: antenna === null ? 'The antenna' : `Antenna ${antenna}` }
  return {
    code,
    finding: findingName(finding),
    severity,
    antenna,
    since: new Date(sinceMs).toISOString(),
    title: { zh: cut(zh(facts, at.zh) + what.zh, TITLE_MAX), en: cut(en(facts, at.en) + what.en, TITLE_MAX) },
    remedy,
    label,
  }
}

/** Names one time that something is so: an alarm that was taken on does not silence the next time. */
export const findingName = (finding: Finding): string => `${nameOf(finding)}:${new Date(finding.sinceMs).toISOString()}`.slice(0, NAME_MAX)

const labelOf = ({ epc }: Finding, book: Pick<Book, 'tag' | 'item'>): FindingView['label'] => {
  if (epc === null) return null
  const registration = book.tag(epc)?.registration
  if (!registration) return { epc, lot: null, itemName: null, lotNumber: null, pack: '' }
  const { lot, printed, pack } = registration
  return { epc, lot, itemName: book.item(lotOf(lot)?.item ?? '')?.name ?? null, lotNumber: printed || lot, pack }
}

const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed()
const TITLE_MAX = 120
const NAME_MAX = 150

interface Words {
  readonly severity: 1 | 2 | 3
  readonly zh: (facts: Facts, antenna: string) => string
  readonly en: (facts: Facts, antenna: string) => string
  readonly remedy: { readonly zh: string; readonly en: string }
}

/** A fall is said in dB where levels are told, else by what is left of the reads. */
const fallen = ({ fallDb = 0, left = 100 }: Facts): { readonly zh: string; readonly en: string } =>
  fallDb >= 3
    ? { zh: `信号比平常弱 ${fallDb} dB`, en: `${fallDb} dB below its usual` }
    : { zh: `读到的次数只有平常的 ${left}%`, en: `hears ${left} % of its usual reads` }

const WORDS: { readonly [Code in FindingCode]: Words } = {
  'antennas-swapped': {
    severity: 1,
    zh: ({ against = 0, of = 0 }) => `内外天线可能接反：最近 ${of} 次进出有 ${against} 次与账面相反`,
    en: ({ against = 0, of = 0 }) => `Inside and outside antennas look swapped: ${against} of the last ${of} passages contradict the books`,
    remedy: {
      zh: '进出方向可能全是反的。请对调内、外天线的插头（或请管理员改设置），再登记“对调天线插头”，并核对这几箱的账。',
      en: 'Ins and outs may all be reversed. Exchange the inside and outside plugs (or have the settings changed), record it as maintenance, and check the books of these boxes.',
    },
  },
  'antenna-dead': {
    severity: 2,
    zh: ({ walks = 0 }, antenna) => `${antenna}没有声音：连续 ${walks} 次有人带货走过，它一个标签也没读到`,
    en: ({ walks = 0 }, antenna) => `${antenna} is dead: ${walks} walks in a row, and it heard no tag`,
    remedy: {
      zh: '请检查这根天线两头的插头是否拧紧、馈线有没有压坏；与好的天线对换插头试一次，仍不响就换天线。修好前这扇门判不了方向。',
      en: 'Check both plugs and the cable; try it on the plug of a good antenna; if it stays silent, replace it. Until then this door cannot tell directions.',
    },
  },
  'antenna-loose': {
    severity: 2,
    zh: (_, antenna) => `${antenna}没有接上：读写器自己这样报告`,
    en: (_, antenna) => `${antenna} is not connected: the reader itself says so`,
    remedy: {
      zh: '请拧紧这根天线两头的插头；没有装天线的口，请管理员从设置里去掉。',
      en: 'Tighten both plugs of this antenna; a port without an antenna should be taken out of the settings.',
    },
  },
  'module-fault': {
    severity: 2,
    zh: () => '读写器内部出错，正在自行重启',
    en: () => 'The reader failed inside and begins anew by itself',
    remedy: {
      zh: '偶尔一次不用管。一天里反复出现，请检查电源（电压不足最常见），再不行就更换读写器。',
      en: 'Once in a while is nothing. Several times a day: check its power supply, weak power is the usual cause, else replace the reader.',
    },
  },
  'module-hot': {
    severity: 2,
    zh: () => '读写器过热，自己降低了读取',
    en: () => 'The reader is too hot and reads less',
    remedy: {
      zh: '请移开盖在读写器上的东西，让它通风、避开太阳和暖气；仍过热请管理员调低功率。',
      en: 'Uncover it, give it air, keep it from sun and heating; if it stays hot, have its power set lower.',
    },
  },
  'module-power': {
    severity: 2,
    zh: () => '读写器的发射功率达不到设定',
    en: () => 'The reader does not reach the power it is set to',
    remedy: {
      zh: '请检查读写器的电源适配器和 USB 线，换一根短而粗的线或原装电源。',
      en: 'Check its power adapter and USB cable; use a short, thick cable or the original supply.',
    },
  },
  'module-full': {
    severity: 3,
    zh: () => '读写器的缓存满过，可能漏读',
    en: () => "The reader's own memory was full; reads may be missing",
    remedy: {
      zh: '门边同时有太多标签。请把货架移远一些，或请管理员调低功率。',
      en: 'Too many tags stand before it at once: move shelves away from the door, or have its power set lower.',
    },
  },
  'return-loss': {
    severity: 3,
    zh: ({ db }, antenna) => `${antenna}反射过大${db === undefined ? '' : `（回波损耗 ${db} dB，应在 10 以上）`}`,
    en: ({ db }, antenna) => `${antenna} sends back too much${db === undefined ? '' : ` (return loss ${db} dB, should be above 10)`}`,
    remedy: {
      zh: '插头松动、馈线进水或天线不适合本频段。请拧紧插头，看馈线有没有压坏，再换一根天线试。',
      en: 'A loose plug, a wet cable, or an antenna of another band: tighten the plugs, look at the cable, then try another antenna.',
    },
  },
  'reader-deaf': {
    severity: 2,
    zh: ({ minutes = 0 }) => `读写器在线但读不到标签${minutes > 0 ? `，已 ${minutes} 分钟` : ''}`,
    en: ({ minutes = 0 }) => `The reader answers but hears no tag${minutes > 0 ? `, for ${minutes} minutes` : ''}`,
    remedy: {
      zh: '请拿一个好的标签到天线前试读。读不到：拔电重启读写器，检查天线插头；仍不行请更换读写器。货架刚搬空可以不管，读到标签后自动消失。',
      en: 'Hold a good tag before the antenna. Not heard: switch the reader off and on, check the antenna plugs, else replace it. If the shelf was just emptied, ignore this.',
    },
  },
  overrun: {
    severity: 2,
    zh: ({ reads = 0 }) => `本机来不及处理，丢了 ${reads} 条读数`,
    en: ({ reads = 0 }) => `This node was too slow and dropped ${reads} reads`,
    remedy: {
      zh: '这段时间的进出可能漏判，请核对在途的箱子。反复出现请重启本机，或把门边的货挪远一些。',
      en: 'Passages of that time may be missing: check the boxes on their way. If it comes again, restart this machine or move goods away from the door.',
    },
  },
  'antenna-weak': {
    severity: 3,
    zh: (facts, antenna) => `${antenna}变弱：最近 ${facts['walks'] ?? 0} 次走过，${fallen(facts).zh}`,
    en: (facts, antenna) => `${antenna} is weak: over the last ${facts['walks'] ?? 0} walks ${fallen(facts).en}`,
    remedy: {
      zh: '请擦净天线，拧紧两头插头，看看前面有没有新放的金属或液体；做完请登记维护。两天后仍弱，请更换馈线或天线。',
      en: 'Clean the antenna, tighten both plugs, look for metal or liquids put before it, and record the work. If it stays weak for two days, replace cable or antenna.',
    },
  },
  'read-noise': {
    severity: 3,
    zh: ({ noise = 0, failures = 0 }) =>
      failures > noise ? `有 ${failures}% 的标签读数校验不过` : `线路有杂音：收到的字节有 ${noise}% 不是有效数据`,
    en: ({ noise = 0, failures = 0 }) =>
      failures > noise ? `${failures} % of tag reads fail their check` : `Noise on the line: ${noise} % of the bytes are no frames`,
    remedy: {
      zh: '请检查数据线和接头，让它离开电源线和电机；换一根短一点、带屏蔽的线试试。',
      en: 'Check the data cable and its plugs, keep it away from mains and motors; try a shorter, shielded one.',
    },
  },
  'tag-dying': {
    severity: 3,
    zh: ({ times = 0, fallDb = 0 }) =>
      fallDb >= 3 ? `有一个标签快读不到了：连续 ${times} 次弱 ${fallDb} dB` : `有一个标签快读不到了：连续 ${times} 次几乎没读到`,
    en: ({ times = 0, fallDb = 0 }) =>
      fallDb >= 3
        ? `A tag is dying: ${fallDb} dB too weak ${times} times in a row`
        : `A tag is dying: hardly heard ${times} times in a row`,
    remedy: {
      zh: '请找到这一箱，看标签有没有撕破、弯折或贴在金属和液体旁；在“电子标签”里换一张新的。',
      en: 'Find this box and see whether its label is torn, bent, or stuck beside metal or liquid; put a new one on under Tags.',
    },
  },
}
